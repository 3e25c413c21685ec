import { screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { ApprovalsCard } from '../../cards';
import { askingDeployment } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { ApprovalsPage } from './ApprovalsPage';

const item = {
  model: {
    entityRef: 'mlmodel:default/penguin-species',
    kind: 'mlmodel',
    namespace: 'default',
    name: 'penguin-species',
    title: 'penguin-species',
  },
  deployment: askingDeployment,
  expiresAt: null,
};
const answers = (items: unknown[]) =>
  server.use(
    http.get(`${BASE}/approvals`, () => HttpResponse.json({ items } as object)),
  );

describe('what waits for the visitor', () => {
  useBackend();

  it('is a row with model, version, requester and reason, and leads to the deployment', async () => {
    answers([item]);
    await renderPage(<ApprovalsPage />);
    const row = await screen.findByRole('row', { name: /penguin-species/ });
    expect(row).toHaveTextContent('1.4.0 for production');
    expect(row).toHaveTextContent('jonas.weber');
    expect(row).toHaveTextContent('Chinstrap recall is up by 2 points.');
    expect(within(row).getByRole('link')).toHaveAttribute(
      'href',
      '/catalog/default/mlmodel/penguin-species/delivery?deployment=d-11',
    );
  });

  it('says that nothing waits', async () => {
    answers([]);
    await renderPage(<ApprovalsPage />);
    expect(
      await screen.findByText('Nothing waits for you'),
    ).toBeInTheDocument();
  });

  it('says that it is unknown where the list cannot be read', async () => {
    server.use(
      http.get(`${BASE}/approvals`, () =>
        failure(500, 'Error', 'The database is away'),
      ),
    );
    await renderPage(<ApprovalsPage />);
    expect(await screen.findByText(/The database is away/)).toBeInTheDocument();
  });

  it('is on a card too', async () => {
    answers([item]);
    await renderPage(<ApprovalsCard />);
    expect(
      await screen.findByRole('link', { name: 'penguin-species' }),
    ).toBeInTheDocument();
    expect(screen.getByText('Waiting')).toBeInTheDocument();
  });
});
