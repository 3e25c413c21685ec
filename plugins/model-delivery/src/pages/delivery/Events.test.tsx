import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { driftIncident, events } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { MODEL, server, useBackend } from '../../__testUtils__/server';
import { ModelPage } from '../../components';
import { Events } from './Events';

const { thread: _, ...incident } = driftIncident;
const opened = {
  type: 'incident',
  at: incident.openedAt,
  id: incident.id,
  incident,
};
const render = () =>
  renderPage(
    <ModelPage>{() => <Events environments={['production']} />}</ModelPage>,
  );

describe('Events', () => {
  useBackend();
  let asked: URLSearchParams;
  beforeEach(() => {
    server.use(
      http.get(`${MODEL}/events`, ({ request }) => {
        asked = new URL(request.url).searchParams;
        const all = [opened, ...events];
        const items = asked.get('type') === 'incident' ? [opened] : all;
        return HttpResponse.json({ items, sources: [] } as never);
      }),
    );
  });

  it('lists incidents as they stand, with a link to the thread', async () => {
    await render();
    const row = await screen.findByRole('row', { name: /Incident:/ });
    expect(row).toHaveTextContent('Incident: candidate on its way');
    expect(row).toHaveTextContent('people are asked to approve it');
    expect(
      within(row).getByRole('link', { name: 'input-drift' }),
    ).toHaveAttribute('href', expect.stringContaining('incident=incident-1'));
  });

  it('opens the thread from anywhere in the row', async () => {
    const page = await render();
    const row = await screen.findByRole('row', { name: /Incident:/ });
    await userEvent.click(within(row).getByText(/people are asked/));
    await waitFor(() =>
      expect(page.address()).toMatch(/monitoring\?.*incident=incident-1/),
    );
  });

  it('shows incidents alone, by an address that can be shared', async () => {
    await renderPage(
      <ModelPage>{() => <Events environments={['production']} />}</ModelPage>,
      { path: '/?event=incident' },
    );
    await screen.findByRole('row', { name: /Incident:/ });
    expect(asked.get('type')).toBe('incident');
    expect(screen.getAllByRole('row')).toHaveLength(2);
  });
});
