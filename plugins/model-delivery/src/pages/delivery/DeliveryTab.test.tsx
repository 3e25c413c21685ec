import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import {
  asDetail,
  failedReport,
  openDeployment,
  pausedDeployment,
  penguins,
  production,
  rollingDeployment,
  staging,
  waitingDeployment,
} from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
} from '../../__testUtils__/server';
import { DeliveryTab } from './DeliveryTab';

const withProduction = (more: object) =>
  answer('', {
    ...penguins,
    environments: [staging, { ...production, ...more }],
  });

const candidate = () =>
  screen.findByRole('region', { name: 'Next for production' });

describe('DeliveryTab', () => {
  useBackend();

  it('says what is live, what is next and why it may not', async () => {
    await renderPage(<DeliveryTab />);
    const middle = within(await candidate());
    expect(middle.getByText(/0.971 ≥ 0.92/)).toBeInTheDocument();
    expect(middle.getAllByText('Needs approval')).not.toHaveLength(0);
    const reasons = middle
      .getAllByRole('listitem')
      .map(item => item.textContent);
    expect(reasons[0]).toContain('Tests pass: performance');
    expect(
      within(screen.getByRole('region', { name: 'Production' })).getByText(
        'ada.lindqvist',
      ),
    ).toBeInTheDocument();
    expect(
      within(screen.getByRole('region', { name: 'Staging' })).getByText(
        'automatic',
      ),
    ).toBeInTheDocument();
  });

  it('says why the newest version is not the candidate', async () => {
    await renderPage(<DeliveryTab />);
    const middle = await candidate();
    expect(middle).toHaveTextContent(
      '1.5.0 was rejected: accuracy 0.833 < 0.92 on 138 holdout rows.',
    );
    expect(
      within(middle).getByRole('link', { name: 'Compare with live' }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining('compare=1.3.2&compare=1.5.0'),
    );
  });

  it('leads with the gate that says no, folds the rest and turns promotion off', async () => {
    server.use(withProduction({ candidateGates: failedReport }));
    await renderPage(<DeliveryTab />);
    const middle = within(await candidate());
    const items = middle.getAllByRole('listitem');
    expect(items[0]).toHaveTextContent('accuracy 0.833 < 0.92');
    expect(items[1]).toHaveTextContent('4 other gates passed');
    expect(
      middle.getByRole('button', { name: 'Promote to production…' }),
    ).toBeDisabled();
    expect(
      middle.getByText('Disabled while a gate fails.'),
    ).toBeInTheDocument();
  });

  it('asks for the comparison again where that is the remedy', async () => {
    const asked: unknown[] = [];
    server.use(
      http.post(`${MODEL}/runs`, async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json({ runId: 'run-215' });
      }),
    );
    await renderPage(<DeliveryTab />);
    const middle = within(await candidate());
    await userEvent.click(
      middle.getByRole('button', { name: 'Compare again' }),
    );
    expect(await middle.findByText(/is being compared again/)).toBeVisible();
    expect(asked).toEqual([
      expect.objectContaining({ kind: 'evaluation', version: '1.4.0' }),
    ]);
  });

  it('puts the open deployment into the middle', async () => {
    server.use(withProduction({ openDeployment }));
    await renderPage(<DeliveryTab />);
    const middle = within(
      await screen.findByRole('region', { name: 'Deployment to production' }),
    );
    expect(middle.getByText('In progress')).toBeInTheDocument();
    expect(middle.getByText('Starting the server of 1.4.0.')).toBeVisible();
    expect(
      within(screen.getByRole('region', { name: 'Production' })).getByRole(
        'button',
        { name: 'Deploy version…' },
      ),
    ).toBeDisabled();
  });

  it('shows a roll-out as steps, with what both versions answered', async () => {
    server.use(withProduction({ openDeployment: rollingDeployment }));
    await renderPage(<DeliveryTab />);
    const middle = within(
      await screen.findByRole('region', { name: 'Deployment to production' }),
    );
    const steps = within(
      middle.getByRole('list', { name: 'Steps of the roll-out' }),
    ).getAllByRole('listitem');
    expect(steps.map(step => step.textContent)).toEqual([
      'Shadow10 min',
      expect.stringMatching(/^10 %\d+ min of 10 min$/),
      '50 %10 min',
      '100 %then live',
    ]);
    expect(within(steps[0]).getByRole('img')).toHaveAccessibleName('Passed');
    expect(steps[1]).toHaveAttribute('aria-current', 'step');
    const figures = within(
      middle.getByRole('table', { name: 'Traffic of both versions' }),
    );
    const cells = (name: string) =>
      within(figures.getByRole('row', { name: new RegExp(name) }))
        .getAllByRole('cell')
        .map(cell => cell.textContent);
    expect(cells('Requests')).toEqual(['756', '84']);
    expect(cells('Failed')).toEqual(['0.4 %', '0 %']);
    expect(cells('p95')).toEqual(['21.2 ms', '23.4 ms']);
    expect(cells('Predicted Gentoo')).toEqual(['25 %', '50 %']);
    expect(middle.getByText(/Too few requests for a verdict/)).toBeVisible();
    expect(middle.queryByRole('button', { name: 'Continue…' })).toBeNull();
  });

  it('asks a person where a roll-out paused, and continues with a reason', async () => {
    const asked: unknown[] = [];
    server.use(
      withProduction({ openDeployment: pausedDeployment }),
      http.post(`${MODEL}/deployments/d-10/continue`, async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json(asDetail(rollingDeployment));
      }),
    );
    await renderPage(<DeliveryTab />);
    const middle = within(
      await screen.findByRole('region', { name: 'Deployment to production' }),
    );
    expect(middle.getAllByText('Paused')).not.toHaveLength(0);
    expect(
      middle.getByRole('button', { name: 'Cancel and stay on 1.3.2' }),
    ).toBeEnabled();
    await userEvent.click(middle.getByRole('button', { name: 'Continue…' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/answers 50 % of the requests/)).toBeVisible();
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Reason/ }),
      'Nobody asks at night.',
    );
    await userEvent.click(dialog.getByRole('button', { name: 'Continue' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked).toEqual([{ reason: 'Nobody asks at night.' }]);
  });

  it.each([
    ['Adopt…', 'Adopt', 'adopt'],
    ['Bring back…', 'Bring back', 'bring-back'],
  ])(
    'says what was changed outside, and offers: %s',
    async (opens, does, path) => {
      const asked: unknown[] = [];
      server.use(
        withProduction({
          changedOutside: {
            version: '1.2.0',
            digest: null,
            by: 'ada',
            sentence:
              '1.2.0 is served here, and 1.3.2 was deployed through Slipway: it was changed outside by ada.',
          },
        }),
        http.post(
          `${MODEL}/environments/production/${path}`,
          async ({ request }) => {
            asked.push(await request.json());
            return HttpResponse.json(asDetail(openDeployment));
          },
        ),
      );
      await renderPage(<DeliveryTab />);
      const card = within(
        await screen.findByRole('region', { name: 'Production' }),
      );
      expect(await card.findByText(/changed outside by ada/)).toBeVisible();
      await userEvent.click(card.getByRole('button', { name: opens }));
      const dialog = within(await screen.findByRole('dialog'));
      await userEvent.type(
        dialog.getByRole('textbox', { name: /Reason/ }),
        'It was an emergency.',
      );
      await userEvent.click(dialog.getByRole('button', { name: does }));
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      expect(asked).toEqual([{ reason: 'It was an emergency.' }]);
    },
  );

  it('says of a deployment that waits outside for whom, links there and can end it', async () => {
    const cancelled: string[] = [];
    server.use(
      withProduction({ openDeployment: waitingDeployment }),
      http.post(`${MODEL}/deployments/:id/cancel`, ({ params }) => {
        cancelled.push(String(params.id));
        return HttpResponse.json(
          asDetail({
            ...waitingDeployment,
            state: 'cancelled',
            waitsFor: null,
            finishedAt: waitingDeployment.requestedAt,
          }),
        );
      }),
    );
    await renderPage(<DeliveryTab />);
    const middle = within(
      await screen.findByRole('region', { name: 'Deployment to production' }),
    );
    expect(middle.getByText('Waiting for review')).toBeInTheDocument();
    expect(
      middle.getByText('production wants a review on GitHub by ada.'),
    ).toBeVisible();
    expect(middle.getByRole('link', { name: /Review/ })).toHaveAttribute(
      'href',
      waitingDeployment.waitsFor?.url,
    );
    expect(
      within(screen.getByRole('region', { name: 'Production' })).getByText(
        'Waiting for review',
      ),
    ).toBeInTheDocument();
    await userEvent.click(
      middle.getByRole('button', { name: 'Cancel and stay on 1.3.2' }),
    );
    await waitFor(() => expect(cancelled).toEqual([waitingDeployment.id]));
  });

  it('asks again at once when the portal says that this model changed', async () => {
    let environments = penguins.environments;
    let asked = 0;
    server.use(
      http.get(MODEL, () => {
        asked += 1;
        return HttpResponse.json({ ...penguins, environments });
      }),
    );
    const page = await renderPage(<DeliveryTab />);
    await candidate();
    environments = [staging, { ...production, openDeployment }];
    page.signal('key-of-another-model');
    expect(asked).toBe(1);
    page.signal('key-of-penguins');
    expect(
      await screen.findByRole('region', { name: 'Deployment to production' }),
    ).toBeVisible();
  });

  it('keeps the rest of the page when one region fails', async () => {
    server.use(
      http.get(`${MODEL}/events`, () => failure(404, 'NotFoundError', 'gone')),
      http.get(`${MODEL}/environments/:environment/history`, () =>
        failure(400, 'InputError', 'The cursor is not known'),
      ),
    );
    await renderPage(<DeliveryTab />);
    await candidate();
    expect(await screen.findByText('The cursor is not known')).toBeVisible();
    expect(screen.getByText('History could not be loaded')).toBeVisible();
    expect(await screen.findByText('No such events')).toBeVisible();
  });

  it('says the same words for a model that is hidden and one that is not there', async () => {
    server.use(
      http.get(MODEL, () => failure(404, 'NotFoundError', 'No such model')),
    );
    await renderPage(<DeliveryTab />);
    expect(await screen.findByText('No delivery data yet')).toBeVisible();
  });

  it('shows the lines that are missing where no environment is named', async () => {
    server.use(answer('', { ...penguins, environments: [] }));
    await renderPage(<DeliveryTab />);
    expect(await screen.findByText('No environments')).toBeVisible();
  });

  it('opens the deployment that the address names', async () => {
    const page = await renderPage(<DeliveryTab />, {
      path: '/?deployment=d-6',
    });
    const region = await screen.findByRole('region', { name: 'Deployment' });
    expect(region).toHaveTextContent('the performance gate failed');
    await userEvent.click(
      within(region).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(page.address()).toBe('/'));
  });

  const batchRun = {
    id: 'r-2',
    version: '1.3.2',
    dueAt: '2026-11-27T05:00:00Z',
    status: 'passed',
    startedAt: '2026-11-27T05:00:00Z',
    finishedAt: '2026-11-27T05:00:09Z',
    rowsIn: 1204,
    rowsOut: 1200,
    rejected: 4,
    message: '1200 of 1204 rows were predicted; 4 rejected.',
    log: ['1200 of 1204 rows were predicted'],
  };
  const batchSpec = {
    ...production.spec,
    target: {
      provider: 'local',
      batch: {
        schedule: '0 6 * * *',
        timeZone: 'Europe/Berlin',
        input: 'rows.csv',
      },
    },
  };
  const withBatch = (runs: object[]) =>
    withProduction({
      endpoint: null,
      spec: batchSpec,
      batch: {
        input: '/slipway/batch/input',
        output: '/slipway/batch/output',
        nextRunAt: '2026-11-28T05:00:00Z',
        runs,
      },
    });

  it('shows a batch job with its next run and the rows of its last ones, and no address', async () => {
    server.use(withBatch([batchRun]));
    await renderPage(<DeliveryTab />);
    const card = within(
      await screen.findByRole('region', { name: 'Production' }),
    );
    expect(card.getByText('next run at 28 Nov 2026, 05:00 UTC')).toBeVisible();
    expect(card.getByText('0 6 * * *')).toBeVisible();
    const runs = within(
      card.getByRole('table', { name: 'Batch runs of production' }),
    );
    expect(runs.getAllByRole('cell').map(cell => cell.textContent)).toEqual([
      '1.3.2',
      '1,200 of 1,204, 4 rejected',
    ]);
    expect(card.queryByText('Serving')).toBeNull();
    const code = within(screen.getByRole('region', { name: 'Get the code' }));
    expect(code.getByText('/slipway/batch/input')).toBeVisible();
    expect(code.getByText('/slipway/batch/output')).toBeVisible();
    // Staging has a server, so the form is for that one.
    const form = within(await screen.findByRole('form', { name: 'Try it' }));
    expect(form.getByRole('button', { name: 'Send to staging' })).toBeVisible();
  });

  it('says that a job which was declared begins with the next deployment', async () => {
    server.use(withProduction({ spec: batchSpec }));
    await renderPage(<DeliveryTab />);
    const card = within(
      await screen.findByRole('region', { name: 'Production' }),
    );
    expect(
      card.getByText(
        /1.3.2 runs as a server until another version is deployed/,
      ),
    ).toBeVisible();
  });

  it('says why the last run failed, with the end of its log, and not how many rows it had', async () => {
    server.use(
      withBatch([
        {
          ...batchRun,
          id: 'r-3',
          status: 'failed',
          rowsIn: null,
          rowsOut: null,
          rejected: null,
          message: 'The data is invalid: rows.csv lacks the columns sex.',
          log: ['predict: rows.csv lacks the columns sex'],
        },
        batchRun,
      ]),
    );
    await renderPage(<DeliveryTab />);
    const card = within(
      await screen.findByRole('region', { name: 'Production' }),
    );
    expect(card.getByRole('alert')).toHaveTextContent(
      'The last run failed. The data is invalid: rows.csv lacks the columns sex.',
    );
    await userEvent.click(card.getByText('Last lines of its log'));
    expect(
      card.getByText('predict: rows.csv lacks the columns sex'),
    ).toBeVisible();
    expect(card.getByText('unknown')).toBeVisible();
  });

  it('tries the live version with its examples', async () => {
    const asked: unknown[] = [];
    server.use(
      http.post(`${MODEL}/predictions`, async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json({
          version: '1.3.2',
          outputs: { species: 'Gentoo', scores: { Gentoo: 0.9, Adelie: 0.1 } },
          latencyMs: 4.21,
        });
      }),
    );
    await renderPage(<DeliveryTab />);
    const form = within(await screen.findByRole('form', { name: 'Try it' }));
    await userEvent.click(
      form.getByRole('button', { name: 'Send to production' }),
    );
    expect(await form.findByText('Gentoo')).toBeVisible();
    expect(form.getByText('Gentoo 0.9, Adelie 0.1')).toBeVisible();
    expect(form.getByText(/answered in 4.2 ms/)).toBeVisible();
    expect(asked).toEqual([
      {
        environment: 'production',
        inputs: {
          bill_length_mm: 43.9,
          flipper_length_mm: 200,
          island: 'Dream',
          sex: 'female',
        },
      },
    ]);
  });
});
