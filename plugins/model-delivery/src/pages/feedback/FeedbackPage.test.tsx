import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { ago, MINUTE } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { FeedbackPage } from './FeedbackPage';

const change = {
  at: ago(5 * MINUTE),
  on: false,
  by: 'user:default/ada',
  reason: 'The sensors are replaced',
};
const OFF = {
  scope: 'all',
  by: change.by,
  reason: change.reason,
  since: change.at,
};
const withState = (more: object = {}) =>
  http.get(`${BASE}/feedback`, () =>
    HttpResponse.json({
      off: null,
      dryRun: false,
      retrainsPerDay: 3,
      changes: [],
      ...more,
    } as never),
  );
const region = async (name: string) =>
  within(await screen.findByRole('region', { name }));

describe('FeedbackPage', () => {
  useBackend();

  it('says that feedback is on, and that nobody switched it', async () => {
    server.use(withState());
    await renderPage(<FeedbackPage />);
    expect(await (await region('Feedback')).findByText('On')).toBeVisible();
    expect(
      await screen.findByText(
        'Nobody has switched the feedback of all models.',
      ),
    ).toBeVisible();
    expect(screen.getByText(/3 trainings/)).toBeVisible();
  });

  it('says who switched it off, when and why, and lists the changes', async () => {
    server.use(withState({ off: OFF, changes: [change], dryRun: true }));
    await renderPage(<FeedbackPage />);
    const state = await region('Feedback');
    expect(
      (await state.findByText('Feedback is off for all models')).parentElement,
    ).toHaveTextContent('by ada: “The sensors are replaced”');
    expect(state.getByText('Dry run.')).toBeVisible();
    const changes = await region('Who switched it');
    expect(
      within(changes.getByRole('table')).getAllByRole('row')[1],
    ).toHaveTextContent('OffadaThe sensors are replaced');
  });

  it('switches it off with a reason, and shows why where it could not', async () => {
    const sent: unknown[] = [];
    server.use(
      withState(),
      http.post(`${BASE}/feedback`, async ({ request }) => {
        sent.push(await request.json());
        if (sent.length === 1) {
          return failure(403, 'NotAllowedError', 'The permission is denied');
        }
        server.use(withState({ off: OFF, changes: [change] }));
        return HttpResponse.json({ off: [OFF] } as never);
      }),
    );
    await renderPage(<FeedbackPage />);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Switch off for all models…',
      }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox'), change.reason);
    await userEvent.click(dialog.getByRole('button', { name: 'Switch off' }));
    expect(
      await dialog.findByText('Feedback was not switched off.'),
    ).toBeVisible();
    await userEvent.click(dialog.getByRole('button', { name: 'Switch off' }));
    expect(
      await screen.findByRole('button', { name: 'Switch on for all models…' }),
    ).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent).toEqual(Array(2).fill({ on: false, reason: change.reason }));
  });
});
