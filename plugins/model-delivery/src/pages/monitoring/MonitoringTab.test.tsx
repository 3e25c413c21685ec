import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { penguins } from '../../__testUtils__/fixtures';
import { ago, MINUTE } from '../../__testUtils__/fixtures/clock';
import { renderPage } from '../../__testUtils__/renderPage';
import { answer, server, useBackend } from '../../__testUtils__/server';
import { MonitoringTab } from './MonitoringTab';

describe('MonitoringTab', () => {
  useBackend();

  it('shows a chart a monitor, and the same as a table', async () => {
    await renderPage(<MonitoringTab />);
    const latency = within(
      await screen.findByRole('region', { name: 'latency-p95' }),
    );
    expect(
      await latency.findByText(
        'warning above 200\u2009ms, critical above 500\u2009ms',
        {
          collapseWhitespace: false,
        },
      ),
    ).toBeVisible();
    await userEvent.click(latency.getByRole('button', { name: /More about/ }));
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Show as table' }),
    );
    expect(latency.getByRole('table')).toBeVisible();
    expect(latency.getAllByText('unknown').length).toBeGreaterThan(0);
  });

  it('says of how many labels a healthy quality is, and its interval', async () => {
    const reason =
      '94 % ≥ 80 %. 214 labels in the last 24h; 95 % interval 90 % to 96.5 %';
    server.use(
      answer('', {
        ...penguins,
        monitors: penguins.monitors.map(item => ({
          ...item,
          ...(item.name === 'latency-p95' && {
            signal: 'quality',
            unit: 'ratio',
            reason,
            reading: {
              ...item.reading,
              value: 0.94,
              n: 214,
              interval: [0.9, 0.965],
            },
          }),
        })),
      } as never),
    );
    await renderPage(<MonitoringTab />);
    const quality = within(
      await screen.findByRole('region', { name: 'latency-p95' }),
    );
    expect(
      await quality.findByText(/214 labels in the last 24h/),
    ).toBeVisible();
  });

  it('puts the worst feature first and says when there are too few rows', async () => {
    await renderPage(<MonitoringTab />);
    const drift = within(
      await screen.findByRole('region', { name: 'input-drift' }),
    );
    const names = (await drift.findAllByTitle(/./)).map(e => e.textContent);
    expect(names.indexOf('bill_length_mm')).toBeLessThan(names.indexOf('sex'));
    const mix = within(screen.getByRole('region', { name: 'prediction-mix' }));
    expect(
      await mix.findByText('112 rows in the window, 200 are needed'),
    ).toBeVisible();
  });

  it('says once that alerts are not known, and shows those known last as such', async () => {
    const alertsUnknown = {
      since: ago(30 * MINUTE),
      reason: 'The Alertmanager of Prometheus cannot be reached.',
    };
    server.use(
      answer('', {
        ...penguins,
        monitors: penguins.monitors.map(item => ({
          ...item,
          reading: item.reading && {
            ...item.reading,
            alertsUnknown,
            alerts:
              item.name === 'latency-p95'
                ? [
                    {
                      name: 'TooSlow',
                      state: 'firing',
                      severity: 'critical',
                      summary: '',
                      since: ago(40 * MINUTE),
                      url: null,
                      silence: null,
                    },
                  ]
                : [],
          },
        })),
      }),
    );
    await renderPage(<MonitoringTab />);
    const latency = await screen.findByRole('region', { name: 'latency-p95' });
    expect(latency).toHaveTextContent(
      'Alert fires: TooSlow, last known, since 40 min ago',
    );
    const [value] = await within(latency).findAllByText(/41/);
    expect(value).toBeVisible();
    const [notice, ...others] = screen.getAllByText('Alerts are unknown');
    expect(others).toEqual([]);
    expect(notice.parentElement).toHaveTextContent(
      'since 30 min ago. The Alertmanager of Prometheus cannot be reached.',
    );
  });

  it('opens the deployment of a flag from the menu, too', async () => {
    const page = await renderPage(<MonitoringTab />);
    const latency = within(
      await screen.findByRole('region', { name: 'latency-p95' }),
    );
    await userEvent.click(
      await latency.findByRole('button', { name: /More about/ }),
    );
    const [first] = await screen.findAllByRole('menuitem', {
      name: /Open the deployment of/,
    });
    await userEvent.click(first);
    await waitFor(() => expect(page.address()).toContain('deployment='));
  });

  it('shows small charts as one table, a column a part', async () => {
    await renderPage(<MonitoringTab />);
    const drift = within(
      await screen.findByRole('region', { name: 'input-drift' }),
    );
    await userEvent.click(
      await drift.findByRole('button', { name: /More about/ }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Show as table' }),
    );
    const names = drift
      .getAllByRole('columnheader')
      .map(header => header.textContent);
    expect(names[0]).toBe('Time (UTC)');
    expect(names).toContain('bill_length_mm');
    expect(drift.getAllByRole('row').length).toBeGreaterThan(2);
  });

  it('ends the window of every chart at the same moment', async () => {
    const ends: (string | null)[] = [];
    server.events.on('request:start', ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.endsWith('/series')) ends.push(searchParams.get('to'));
    });
    await renderPage(<MonitoringTab />);
    await waitFor(() => expect(ends.length).toBeGreaterThan(2));
    server.events.removeAllListeners();
    for (const end of ends) expect(Date.parse(end ?? '') % 30_000).toBe(0);
  });

  it('keeps environment and range in the address', async () => {
    const page = await renderPage(<MonitoringTab />);
    await userEvent.click(await screen.findByRole('radio', { name: '24 h' }));
    await waitFor(() => expect(page.address()).toBe('/?range=24h'));
  });

  it('shows the lines that are missing where no monitors', async () => {
    server.use(
      answer('', {
        ...penguins,
        environments: penguins.environments.map(e => ({ ...e, monitors: [] })),
      }),
    );
    await renderPage(<MonitoringTab />);
    expect(await screen.findByText('No monitors')).toBeVisible();
  });
});
