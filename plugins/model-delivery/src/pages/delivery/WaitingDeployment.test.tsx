import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import {
  askingDeployment,
  askingDetail,
  penguins,
  production,
  staging,
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

jest.setTimeout(60_000);

describe('a deployment that waits', () => {
  useBackend();

  const waits = (callerProblem: string | null = null) =>
    server.use(
      answer('', {
        ...penguins,
        environments: [
          staging,
          { ...production, waitingDeployment: askingDeployment },
        ],
      }),
      answer('/deployments/d-11', askingDetail(callerProblem)),
    );
  const region = () =>
    screen.findByRole('region', { name: 'Waiting for production' });
  const sent: unknown[] = [];
  const takes = (verb: 'approve' | 'reject', status = 200) =>
    server.use(
      http.post(`${MODEL}/deployments/d-11/${verb}`, async ({ request }) => {
        sent.push(await request.json());
        return status === 200
          ? HttpResponse.json(askingDetail())
          : failure(status, 'ConflictError', 'The gate results have changed');
      }),
    );
  beforeEach(() => {
    sent.length = 0;
  });

  it('shows who is asked, how they were notified, the reason and the decisions', async () => {
    waits();
    await renderPage(<DeliveryTab />);
    const card = await region();
    expect(await within(card).findByText('ml-reviewers')).toBeInTheDocument();
    expect(card).toHaveTextContent('0 of 1');
    expect(card).toHaveTextContent('In Backstage');
    expect(card).toHaveTextContent('Chinstrap recall is up by 2 points.');
    expect(card).toHaveTextContent('Ada Lindqvist');
    const decisions = within(card).getByRole('table', { name: 'Decisions' });
    expect(decisions).toHaveTextContent('Lapsed');
    expect(decisions).toHaveTextContent('The gate results changed.');
  });

  /** A person asks for an older version than the candidate. */
  const waitsWithOlder = async (deploy: 'manual' | 'automatic') => {
    const environment = {
      ...production,
      spec: { ...production.spec, deploy },
      waitingDeployment: { ...askingDeployment, version: '1.3.3' },
    };
    server.use(
      answer('', { ...penguins, environments: [staging, environment] }),
      answer('/deployments/d-11', askingDetail()),
    );
    await renderPage(<DeliveryTab />);
    return region();
  };

  it('says which version automatic delivery requests when it has ended', async () => {
    expect(await waitsWithOlder('automatic')).toHaveTextContent(
      '1.4.0 waits for jonas.weber’s request of 1.3.3 to end. Automatic delivery requests it then.',
    );
  });

  it('says so of no version where people deploy', async () => {
    expect(await waitsWithOlder('manual')).not.toHaveTextContent('to end');
  });

  it('is approved with the gate results that the page shows', async () => {
    waits();
    takes('approve');
    await renderPage(<DeliveryTab />);
    const user = userEvent.setup();
    await user.click(
      await within(await region()).findByRole('button', { name: 'Approve…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Approve' }));
    await waitFor(() => expect(sent).toEqual([{ gateHash: 'a'.repeat(64) }]));
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('keeps the dialog and says why where the approval is refused', async () => {
    waits();
    takes('approve', 409);
    await renderPage(<DeliveryTab />);
    const user = userEvent.setup();
    await user.click(
      await within(await region()).findByRole('button', { name: 'Approve…' }),
    );
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Approve' }));
    expect(
      await within(dialog).findByText('Your approval was not recorded.'),
    ).toBeInTheDocument();
    expect(dialog).toHaveTextContent('The gate results have changed');
  });

  it('is rejected with a reason, and not without', async () => {
    waits();
    takes('reject');
    await renderPage(<DeliveryTab />);
    const user = userEvent.setup();
    await user.click(
      await within(await region()).findByRole('button', { name: 'Reject…' }),
    );
    const dialog = await screen.findByRole('dialog');
    const reject = within(dialog).getByRole('button', { name: 'Reject' });
    expect(reject).toBeDisabled();
    await user.type(within(dialog).getByRole('textbox'), 'Wrong labels');
    await user.click(reject);
    await waitFor(() => expect(sent).toEqual([{ reason: 'Wrong labels' }]));
  });

  it('says why the visitor cannot decide', async () => {
    const problem = 'mei belongs to none of the groups that are asked.';
    waits(problem);
    await renderPage(<DeliveryTab />);
    const card = await region();
    expect(await within(card).findByText(problem)).toBeInTheDocument();
    expect(
      within(card).getByRole('button', { name: 'Approve…' }),
    ).toBeDisabled();
    expect(
      within(card).getByRole('button', { name: 'Reject…' }),
    ).toBeDisabled();
  });
});
