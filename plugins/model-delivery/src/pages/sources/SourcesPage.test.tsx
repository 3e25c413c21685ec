import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { SourceDetail } from '@slipway/plugin-model-delivery-common';
import { http, HttpResponse } from 'msw';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, server, useBackend } from '../../__testUtils__/server';
import { SourcesPage } from './SourcesPage';

const source = (overrides: Partial<SourceDetail>): SourceDetail => ({
  id: 'versions:mlflow',
  provider: 'mlflow',
  title: 'MLflow',
  capability: 'versions',
  status: 'ok',
  fetchedAt: new Date().toISOString(),
  error: null,
  installed: true,
  host: 'mlflow.example.com',
  models: 5000,
  due: 0,
  failing: 0,
  nextDueAt: new Date(Date.now() + 30_000).toISOString(),
  budget: null,
  testable: true,
  offersCandidates: true,
  ...overrides,
});

const answerSources = (items: SourceDetail[]) =>
  server.use(http.get(`${BASE}/sources`, () => HttpResponse.json({ items })));

describe('SourcesPage', () => {
  useBackend();

  it('says how each source fares, and what is wrong in words', async () => {
    answerSources([
      source({}),
      source({
        id: 'pipelines:github',
        title: 'GitHub',
        status: 'stale',
        failing: 12,
        due: 3,
        error: {
          kind: 'rate-limited',
          message: 'GitHub limits requests for 60 s.',
          at: new Date().toISOString(),
        },
        budget: {
          limit: 5000,
          remaining: 4213,
          resetsAt: new Date(Date.now() + 600_000).toISOString(),
        },
      }),
      source({
        id: 'monitors:prometheus',
        title: 'Prometheus',
        capability: 'monitors',
        status: 'partial',
        error: {
          kind: 'unavailable',
          message: 'The Alertmanager of Prometheus cannot be reached.',
          at: new Date().toISOString(),
        },
      }),
      source({
        id: 'monitors:gone',
        title: 'gone',
        provider: 'gone',
        installed: false,
        testable: false,
      }),
    ]);
    await renderPage(<SourcesPage />);
    const row = (name: RegExp) => screen.findByRole('row', { name });
    expect(await row(/MLflow/)).toHaveTextContent('mlflow.example.com');
    const github = await row(/GitHub/);
    expect(github).toHaveTextContent('GitHub limits requests for 60 s.');
    expect(github).toHaveTextContent('12 failing, 3 due');
    expect(github).toHaveTextContent('4,213 of 5,000');
    expect(await row(/Prometheus/)).toHaveTextContent(
      /Partial.*The Alertmanager of Prometheus cannot be reached/,
    );
    expect(await row(/gone/)).toHaveTextContent('Not installed');
    const names = screen.getAllByRole('rowheader').map(e => e.textContent);
    expect(
      names.map(name => name?.match(/^(gone|GitHub|Prometheus|MLflow)/)?.[0]),
    ).toEqual(['gone', 'GitHub', 'Prometheus', 'MLflow']);
  });

  it('tests a connection where it stands', async () => {
    answerSources([source({})]);
    server.use(
      http.post(`${BASE}/sources/:id/test`, ({ params }) =>
        HttpResponse.json(
          params.id === 'versions:mlflow'
            ? {
                ok: false,
                kind: 'unauthorized',
                message: 'MLflow does not take the credentials.',
                tookMs: 12,
              }
            : null,
        ),
      ),
    );
    await renderPage(<SourcesPage />);
    const row = await screen.findByRole('row', { name: /MLflow/ });
    await userEvent.click(within(row).getByRole('button', { name: /Test/ }));
    expect(
      await within(row).findByText(/MLflow does not take the credentials/),
    ).toBeInTheDocument();
  });
});
