import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { QueryClientProvider } from '@tanstack/react-query';
import type { RegisteredModel } from '@slipway/plugin-model-delivery-common';
import { http, HttpResponse } from 'msw';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { queryClient } from '../../api';
import { RegisteredHere } from './RegisteredHere';

const LIST = `${BASE}/onboarding/models`;

const churn: RegisteredModel = {
  entityRef: 'mlmodel:default/churn',
  namespace: 'default',
  name: 'churn',
  owner: 'group:default/growth',
  by: 'user:default/ada',
  at: '2026-01-02T03:04:05.000Z',
  inCatalog: 'as-registered',
};

const render = () =>
  renderPage(
    <QueryClientProvider client={queryClient}>
      <p>The page</p>
      <RegisteredHere />
    </QueryClientProvider>,
  );
const answerList = (items: RegisteredModel[]) =>
  server.use(http.get(LIST, () => HttpResponse.json({ items })));
const open = async (name: string) => {
  const button = `Unregister ${name}…`;
  await userEvent.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
};

describe('what was registered from the page', () => {
  useBackend();

  it('is not shown where nothing was', async () => {
    let asked = 0;
    server.use(
      http.get(LIST, () => {
        asked += 1;
        return HttpResponse.json({ items: [] });
      }),
    );
    await render();
    await waitFor(() => expect(asked).toBeGreaterThan(0));
    expect(await screen.findByText('The page')).toBeInTheDocument();
    expect(screen.queryByText('Registered models')).not.toBeInTheDocument();
  });

  it('says whose it is, who registered it, and where it stands', async () => {
    answerList([
      churn,
      {
        ...churn,
        entityRef: 'mlmodel:default/b',
        name: 'b',
        inCatalog: 'declared-elsewhere',
      },
      {
        ...churn,
        entityRef: 'mlmodel:default/c',
        name: 'c',
        inCatalog: 'not-yet',
      },
    ]);
    await render();
    const row = await screen.findByRole('row', { name: /churn/ });
    expect(row).toHaveTextContent('growth');
    expect(row).toHaveTextContent('ada');
    expect(within(row).getByRole('link', { name: 'churn' })).toBeVisible();
    expect(
      (await open('b')).getByText(/stays in the catalog/),
    ).toBeInTheDocument();
  });

  it('is unregistered with a reason, after it was said what happens', async () => {
    const sent: unknown[] = [];
    let items = [churn];
    server.use(
      http.get(LIST, () => HttpResponse.json({ items })),
      http.post(`${LIST}/default/churn/unregister`, async ({ request }) => {
        sent.push(await request.json());
        if (sent.length === 1) {
          return failure(409, 'ConflictError', 'A deployment is open');
        }
        items = [];
        return HttpResponse.json({
          entityRef: churn.entityRef,
          by: 'user:default/ada',
          at: churn.at,
          reason: 'A mistake',
        });
      }),
    );
    await render();
    const dialog = await open('churn');
    expect(
      dialog.getByText(/leaves the catalog and the fleet/),
    ).toHaveTextContent('history is kept, and registering it again brings it');
    const submit = dialog.getByRole('button', { name: 'Unregister' });
    expect(submit).toBeDisabled();
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Reason/ }),
      'A mistake',
    );
    await userEvent.click(submit);
    expect(await dialog.findByText(/A deployment is open/)).toBeVisible();
    await userEvent.click(submit);
    expect(await screen.findByText('churn was unregistered.')).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Unregister/ }),
    ).not.toBeInTheDocument();
    expect(sent).toEqual([{ reason: 'A mistake' }, { reason: 'A mistake' }]);
  });

  it('shows the failure where the list cannot be loaded', async () => {
    server.use(
      http.get(LIST, () => failure(403, 'NotAllowedError', 'Not for you')),
    );
    await render();
    expect(await screen.findByText(/Not for you/)).toBeInTheDocument();
  });
});
