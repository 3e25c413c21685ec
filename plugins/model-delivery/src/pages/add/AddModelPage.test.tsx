import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ModelChoice } from '@slipway/plugin-model-delivery-common';
import { http, HttpResponse } from 'msw';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { AddModelPage } from './AddModelPage';
import { choiceOf, EMPTY_DRAFT, withSuggestions } from './choice';

const candidate = {
  target: { provider: 'mlflow', name: 'Churn Risk' },
  title: 'Churn Risk',
  description: 'Who leaves',
  url: null,
  suggests: { name: 'churn-risk', owner: 'group:default/growth' },
};
const mlflow = {
  id: 'versions:mlflow',
  provider: 'mlflow',
  title: 'MLflow',
  capability: 'versions',
  status: 'ok',
  fetchedAt: null,
  error: null,
  installed: true,
  host: 'mlflow.example.com',
  models: 0,
  due: 0,
  failing: 0,
  nextDueAt: null,
  budget: null,
  testable: true,
  offersCandidates: true,
};

describe('AddModelPage', () => {
  useBackend();

  it('finds what a source has, tells what is missing and registers it', async () => {
    const searched: (string | null)[] = [];
    const asked: ModelChoice[] = [];
    server.use(
      http.get(`${BASE}/sources`, () => HttpResponse.json({ items: [mlflow] })),
      http.get(`${BASE}/sources/versions:mlflow/candidates`, ({ request }) => {
        searched.push(new URL(request.url).searchParams.get('q'));
        return HttpResponse.json({ items: [candidate] });
      }),
      http.post(`${BASE}/onboarding/preview`, () =>
        HttpResponse.json({
          entityRef: 'mlmodel:default/churn-risk',
          entityFile: 'kind: MLModel\n',
          canPropose: false,
          findings: [
            {
              what: 'versions',
              status: 'found',
              summary: '5 or more versions; the newest is 12.',
              remedy: null,
            },
            {
              what: 'pipelines',
              status: 'not-configured',
              summary: 'No repository is chosen.',
              remedy: 'Choose the repository.',
            },
          ],
        }),
      ),
      http.post(`${BASE}/onboarding/models`, async ({ request }) => {
        asked.push((await request.json()) as ModelChoice);
        return asked.length === 1
          ? failure(409, 'ConflictError', 'It is in the catalog already')
          : HttpResponse.json({ entityRef: 'mlmodel:default/churn-risk' });
      }),
    );
    await renderPage(<AddModelPage />);
    const field = await screen.findByRole('combobox', {
      name: /Registered model/,
    });
    await userEvent.type(field, 'churn');
    await waitFor(() => expect(searched).toContain('churn'));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Churn Risk' }),
    );
    expect(screen.getByRole('textbox', { name: /Name/ })).toHaveValue(
      'churn-risk',
    );
    const found = await screen.findByRole('list', { name: 'Findings' });
    expect(within(found).getByText(/the newest is 12/)).toBeInTheDocument();
    expect(within(found).getByText('Choose the repository.')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Open pull request' }),
    ).toBeDisabled();

    const register = screen.getByRole('button', { name: 'Register' });
    await userEvent.click(register);
    expect(
      await screen.findByText(/It is in the catalog already/),
    ).toBeInTheDocument();
    await userEvent.click(register);
    expect(
      await screen.findByRole('link', { name: 'mlmodel:default/churn-risk' }),
    ).toBeInTheDocument();
    expect(asked[1]).toMatchObject({
      name: 'churn-risk',
      owner: 'group:default/growth',
      versions: { provider: 'mlflow', name: 'Churn Risk' },
    });
  });
});

describe('a draft', () => {
  it('takes over suggestions only where nothing was typed', () => {
    expect(
      withSuggestions({ ...EMPTY_DRAFT, name: 'mine' }, candidate),
    ).toMatchObject({ name: 'mine', owner: 'group:default/growth' });
  });

  it('asks for nothing until it has what it needs', () => {
    expect(choiceOf(EMPTY_DRAFT)).toBeNull();
    expect(
      choiceOf({
        ...withSuggestions(EMPTY_DRAFT, candidate),
        registered: candidate,
        deployments: 'local',
        environments: 'Staging,  production',
        monitors: 'prometheus',
      }),
    ).toMatchObject({
      environments: {
        names: ['staging', 'production'],
        target: { provider: 'local' },
      },
      monitors: 'prometheus',
    });
  });
});
