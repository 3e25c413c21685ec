import { fireEvent, screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { history } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { failure, MODEL, server, useBackend } from '../../__testUtils__/server';
import { DeliveryTab } from './DeliveryTab';

describe('the deployment history', () => {
  useBackend();

  const liveAt = async (moment: string) => {
    fireEvent.change(await screen.findByLabelText('Live at (UTC)'), {
      target: { value: moment },
    });
    return within(await screen.findByRole('list', { name: /^Live at/ }));
  };
  const [interval] = history.production;

  it('says what was live in each environment at a moment, and links there', async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get(
        `${MODEL}/environments/:environment/history`,
        ({ request, params }) => {
          const at = new URL(request.url).searchParams.get('at');
          if (at) asked.push(at);
          const items = params.environment === 'production' ? [interval] : [];
          return HttpResponse.json({ items, sources: [] });
        },
      ),
    );
    await renderPage(<DeliveryTab />);
    const list = await liveAt('2026-03-03T14:00');
    expect(
      await list.findByRole('link', { name: interval.version }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining(`deployment=${interval.deploymentId}`),
    );
    expect(list.getByText(/^Staging/)).toHaveTextContent('Staging no version');
    expect(new Set(asked)).toEqual(new Set(['2026-03-03T14:00:00.000Z']));
  });

  it('calls unknown what could not be read, and not no version', async () => {
    server.use(
      http.get(`${MODEL}/environments/:environment/history`, ({ request }) =>
        new URL(request.url).searchParams.has('at')
          ? failure(500, 'Error', 'down')
          : HttpResponse.json({ items: [interval], sources: [] }),
      ),
    );
    await renderPage(<DeliveryTab />);
    const list = await liveAt('2026-03-03T14:00');
    for (const name of ['Staging', 'Production']) {
      expect(
        await list.findByText(`${name} unknown: the history could not be read`),
      ).toBeVisible();
    }
  });
});

describe('the delivery figures', () => {
  useBackend();

  it('are those of the last environment, and say where data is missing', async () => {
    await renderPage(<DeliveryTab />);
    const region = within(
      await screen.findByRole('region', { name: 'Delivery figures' }),
    );
    expect(await region.findByText('1.6 per week')).toBeVisible();
    expect(region.getByText('1 h 30 min')).toBeVisible();
    expect(region.getAllByText('median of 20 changes')).toHaveLength(1);
    expect(region.getByText('10 %')).toBeVisible();
    expect(
      region.getByText('Not enough data: 2 of 3 roll backs.'),
    ).toBeVisible();
    expect(region.getByRole('radio', { name: 'Production' })).toBeChecked();
  });
});
