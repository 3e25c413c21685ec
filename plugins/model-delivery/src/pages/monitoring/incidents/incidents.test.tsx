import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import {
  ago,
  driftIncident,
  MINUTE,
  noFeedback,
} from '../../../__testUtils__/fixtures';
import { renderPage } from '../../../__testUtils__/renderPage';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
} from '../../../__testUtils__/server';
import { MonitoringTab } from '../MonitoringTab';

const { thread: _, ...listed } = driftIncident;
const on = { ...noFeedback, rules: 1 };

/** What the backend answers about incidents. */
const withIncidents = (feedback: object = on, items: object[] = [listed]) =>
  answer('/incidents', { items, sources: [], feedback } as never);
const region = async (name: string) =>
  within(await screen.findByRole('region', { name }));

describe('incidents', () => {
  useBackend();

  it('says what to write where the model has no rule', async () => {
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(await incidents.findByText('No feedback rule')).toBeVisible();
    expect(incidents.getByText(/then: retrain/)).toBeVisible();
    expect(incidents.queryByRole('button')).toBeNull();
  });

  it('says that none of the rules broke', async () => {
    server.use(withIncidents({ ...on, rules: 2 }, []));
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(
      await incidents.findByText(/has broken one of the 2 rules/),
    ).toBeVisible();
  });

  it('says that the one rule did not break', async () => {
    server.use(withIncidents(on, []));
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(
      await incidents.findByText(
        'No monitor has broken the rule of the entity.',
      ),
    ).toBeVisible();
  });

  it('opens a thread from the list, whose address can be shared', async () => {
    server.use(
      withIncidents(),
      answer('/incidents/incident-1', driftIncident as never),
    );
    const page = await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(await incidents.findByText('Candidate on its way')).toBeVisible();
    await userEvent.click(incidents.getByText('input-drift'));
    await waitFor(() =>
      expect(page.address()).toContain('incident=incident-1'),
    );
    const incident = await region('Incident');
    const steps = incident.getByRole('table', {
      name: 'Thread of the incident',
    });
    const [, opened, run, request] = within(steps).getAllByRole('row');
    expect(opened).toHaveTextContent('Opened');
    expect(run).toHaveTextContent('34 rows arrived');
    expect(request).toHaveTextContent('people are asked to approve it');
    expect(
      within(steps).getByRole('link', { name: 'Deployment' }),
    ).toHaveAttribute('href', expect.stringContaining('deployment-9'));
    expect(within(steps).getByRole('link', { name: 'Run' })).toHaveAttribute(
      'href',
      expect.stringContaining('run=run-212'),
    );
    const samples = incident.getByRole('table', {
      name: 'Samples that opened it',
    });
    expect(samples).toHaveTextContent('0.4123');
    expect(samples).toHaveTextContent('unknown');
  });

  it('says that there is no such incident', async () => {
    server.use(
      http.get(`${MODEL}/incidents/gone`, () =>
        failure(404, 'NotFoundError', 'No'),
      ),
    );
    await renderPage(<MonitoringTab />, { path: '/?incident=gone' });
    expect(await screen.findByText('Incident not found')).toBeVisible();
  });

  it('dismisses with a reason, and shows why where it could not', async () => {
    const sent: unknown[] = [];
    server.use(
      withIncidents(),
      answer('/incidents/incident-1', driftIncident as never),
      http.post(
        `${MODEL}/incidents/incident-1/dismiss`,
        async ({ request }) => {
          sent.push(await request.json());
          return sent.length === 1
            ? failure(409, 'ConflictError', 'The incident went on')
            : HttpResponse.json({
                ...driftIncident,
                phase: 'closed',
                cause: 'dismissed',
                closedAt: ago(MINUTE),
              } as never);
        },
      ),
    );
    await renderPage(<MonitoringTab />, { path: '/?incident=incident-1' });
    const incident = await region('Incident');
    await userEvent.click(incident.getByRole('button', { name: 'Dismiss…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox'), 'A known outage');
    await userEvent.click(dialog.getByRole('button', { name: 'Dismiss' }));
    expect(await dialog.findByText(/The incident went on/)).toBeVisible();
    await userEvent.click(dialog.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(sent).toEqual([
      { reason: 'A known outage' },
      { reason: 'A known outage' },
    ]);
  });

  it('shows who switched feedback off, for which models, and switches it on', async () => {
    let body: unknown;
    const off = [
      {
        scope: 'model',
        by: 'user:default/ada',
        reason: 'The sensor is broken',
        since: ago(5 * MINUTE),
      },
    ];
    server.use(
      withIncidents({ ...on, off }, []),
      http.post(`${MODEL}/feedback`, async ({ request }) => {
        body = await request.json();
        return HttpResponse.json({ off: [] });
      }),
    );
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(
      (await incidents.findByText('Feedback is off for this model'))
        .parentElement,
    ).toHaveTextContent('by ada: “The sensor is broken”');
    await userEvent.click(
      incidents.getByRole('button', { name: 'Switch feedback on…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox'), 'It is repaired');
    await userEvent.click(dialog.getByRole('button', { name: 'Switch on' }));
    await waitFor(() =>
      expect(body).toEqual({ on: true, reason: 'It is repaired' }),
    );
  });

  it('replays shifted rows where a demonstration can, and says how many', async () => {
    server.use(
      withIncidents({ ...on, replays: ['production'] }, []),
      answer(
        '/environments/production/replay',
        { rows: 34, requests: 1500, seconds: 60 },
        'post',
      ),
    );
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    await userEvent.click(
      await incidents.findByRole('button', { name: 'Replay shifted rows' }),
    );
    expect(
      await incidents.findByText(
        '1500 requests from 34 rows that the training data lacks, for 60 s.',
      ),
    ).toBeVisible();
  });

  it('says that nothing is done in a dry run, and that the budget is spent', async () => {
    server.use(withIncidents({ ...on, dryRun: true, retrainsLastDay: 3 }));
    await renderPage(<MonitoringTab />);
    const incidents = await region('Incidents');
    expect(await incidents.findByText('Dry run.')).toBeVisible();
    expect(incidents.getByText('3 of 3 trainings')).toBeVisible();
  });
});
