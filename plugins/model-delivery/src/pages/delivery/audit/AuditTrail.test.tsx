import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { ago, audit, MINUTE } from '../../../__testUtils__/fixtures';
import { renderPage } from '../../../__testUtils__/renderPage';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
} from '../../../__testUtils__/server';
import { ModelPage } from '../../../components';
import { AuditTrail } from './AuditTrail';

const render = () => renderPage(<ModelPage>{() => <AuditTrail />}</ModelPage>);
const region = async () =>
  within(await screen.findByRole('region', { name: 'Audit trail' }));
const withCheck = (check: object | null) =>
  answer('/audit', { ...audit, check } as never);

describe('AuditTrail', () => {
  useBackend();

  it('tells who did or was denied what, and why', async () => {
    await render();
    const trail = await region();
    const denied = await trail.findByRole('row', { name: /Rollback/ });
    expect(denied).toHaveTextContent('Denied');
    expect(denied).toHaveTextContent('eve');
    expect(denied).toHaveTextContent('deployment.rollback is denied');
    const asked = trail.getByRole('row', { name: /Create deployment/ });
    expect(asked).toHaveTextContent('Requested');
    expect(asked).toHaveTextContent('0.4.0 → 0.5.0 · “Better on Torgersen”');
    expect(trail.getByText('2 of 2')).toBeVisible();
  });

  it('verifies the chain when asked, and says up to which entry it holds', async () => {
    await render();
    const trail = await region();
    expect(await trail.findByText('Never verified.')).toBeVisible();
    server.use(
      http.post(`${MODEL}/audit/verify`, () => {
        const check = { at: ago(0), entries: 2, problem: null };
        server.use(withCheck(check));
        return HttpResponse.json(check);
      }),
    );
    await userEvent.click(trail.getByRole('button', { name: 'Verify now' }));
    expect(await trail.findByText('Verified up to entry 2 of 2')).toBeVisible();
  });

  it('names the entry that breaks the chain, as an alert', async () => {
    server.use(
      withCheck({
        at: ago(5 * MINUTE),
        entries: 1,
        problem: { seq: 2, message: 'Entry 2 is missing.' },
      }),
    );
    await render();
    const alert = await (await region()).findByRole('alert');
    expect(alert).toHaveTextContent(
      'The chain is broken at entry 2. Entry 2 is missing. Entries 1 to 1 are as they were written.',
    );
  });

  it('says why it could not be verified', async () => {
    server.use(
      http.post(`${MODEL}/audit/verify`, () =>
        failure(503, 'ServiceUnavailableError', 'The database is away'),
      ),
    );
    await render();
    const trail = await region();
    await userEvent.click(
      await trail.findByRole('button', { name: 'Verify now' }),
    );
    expect(await trail.findByRole('alert')).toHaveTextContent(
      'The chain was not verified.',
    );
  });

  it('saves the whole trail as a file', async () => {
    const saved: Blob[] = [];
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => {
        saved.push(blob);
        return 'blob:audit';
      },
      revokeObjectURL: () => undefined,
    });
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const asked: string[] = [];
    server.use(
      http.get(`${MODEL}/audit/export`, ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('format')!);
        return HttpResponse.text('seq\n1\n');
      }),
    );
    await render();
    const trail = await region();
    for (const name of ['Export CSV', 'Export JSON lines']) {
      await userEvent.click(await trail.findByRole('button', { name }));
    }
    await waitFor(() => expect(saved).toHaveLength(2));
    expect(asked).toEqual(['csv', 'jsonl']);
  });

  it('says that nothing was done yet', async () => {
    server.use(
      answer('/audit', {
        items: [],
        head: { seq: 0, hash: '' },
        check: null,
      }),
    );
    await render();
    const trail = await region();
    expect(await trail.findByText('No entry')).toBeVisible();
    expect(trail.getByRole('button', { name: 'Export CSV' })).toBeDisabled();
  });
});
