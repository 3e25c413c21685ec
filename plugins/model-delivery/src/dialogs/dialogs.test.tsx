import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import {
  asDetail,
  deployments,
  failedReport,
  impact,
  openDeployment,
  penguins,
  production,
  staging,
} from '../__testUtils__/fixtures';
import { renderPage } from '../__testUtils__/renderPage';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
  withFailedGate,
} from '../__testUtils__/server';
import { DeliveryTab } from '../pages/delivery';

async function openDialog(button: string, region: string) {
  const where = await screen.findByRole('region', { name: region });
  await userEvent.click(within(where).getByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
}
const promote = () =>
  openDialog('Promote to production…', 'Next for production');
const reasonOf = (dialog: ReturnType<typeof within>) =>
  dialog.getByRole('textbox', { name: /Reason/ });

describe('the promote dialog', () => {
  useBackend();

  it('says what will happen, compares, and says what a person decides', async () => {
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    expect(
      dialog.getByText(/in production goes/).closest('p'),
    ).toHaveTextContent('from 1.3.2 to 1.4.0, for all traffic');
    await waitFor(() => expect(reasonOf(dialog)).toHaveFocus());
    expect(await dialog.findByText('no difference')).toBeVisible();
    expect(await dialog.findByText('You decide')).toBeVisible();
    expect(
      dialog.getByRole('button', { name: 'Promote 1.4.0' }),
    ).toBeDisabled();
  });

  it('asks once, with a reason and a key', async () => {
    const asked: { key: string | null; body: unknown }[] = [];
    server.use(
      http.post(`${MODEL}/deployments`, async ({ request }) => {
        asked.push({
          key: request.headers.get('idempotency-key'),
          body: await request.json(),
        });
        return HttpResponse.json(asDetail(openDeployment));
      }),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    await userEvent.type(reasonOf(dialog), 'Better on Chinstrap');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Promote 1.4.0' }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(asked).toEqual([
      {
        key: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
        body: {
          environment: 'production',
          version: '1.4.0',
          reason: 'Better on Chinstrap',
        },
      },
    ]);
  });

  it('keeps what was typed when it is closed', async () => {
    await renderPage(<DeliveryTab />);
    const first = await promote();
    await userEvent.type(reasonOf(first), 'Half a sentence');
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    const second = await promote();
    expect(reasonOf(second)).toHaveValue('Half a sentence');
  });

  it('names who was first, links there and keeps the text', async () => {
    server.use(
      http.post(`${MODEL}/deployments`, () => {
        server.use(
          answer('', {
            ...penguins,
            environments: [staging, { ...production, openDeployment }],
          }),
        );
        return failure(409, 'ConflictError', 'd-10 is open');
      }),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    await userEvent.clear(reasonOf(dialog));
    await userEvent.type(reasonOf(dialog), 'Mine');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Promote 1.4.0' }),
    );
    expect(
      await dialog.findByText(/jonas.weber is already deploying/),
    ).toBeVisible();
    expect(
      dialog.getByRole('link', { name: 'Open that deployment' }),
    ).toHaveAttribute('href', expect.stringContaining('deployment=d-10'));
    expect(reasonOf(dialog)).toHaveValue('Mine');
  });

  it('shows the reasons of a blocked answer and stays', async () => {
    server.use(answer('/deployments', asDetail(deployments[2]), 'post'));
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    await userEvent.type(reasonOf(dialog), 'Again');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Promote 1.4.0' }),
    );
    expect(await dialog.findByText('Blocked.')).toBeVisible();
    expect(
      dialog.getByText(/accuracy 0.833 < 0.92 on 138 holdout rows/),
    ).toBeVisible();
  });
});

describe('the impact of a version', () => {
  useBackend();

  it('names who uses the model, through which API, and the owners', async () => {
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    const list = await dialog.findByRole('list', { name: 'Used by' });
    const [shop, census] = within(list).getAllByRole('listitem');
    expect(shop).toHaveTextContent('Zoo shop, through penguins, owned by web');
    expect(census).toHaveTextContent('census, without an owner');
    expect(
      dialog.getByText('The signature is the same as that of 1.3.2.'),
    ).toBeVisible();
  });

  it('warns of a version that breaks callers, and says when the catalog is away', async () => {
    server.use(
      answer('/environments/production/impact', {
        ...impact,
        signature: {
          verdict: 'breaking',
          summary: 'Breaks callers of 1.3.2: input mass is gone.',
          changes: ['input mass is gone'],
        },
        consumers: null,
        problem: 'The catalog could not be asked who uses this model.',
      }),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    expect(await dialog.findByRole('alert')).toHaveTextContent(
      'Breaks callers of 1.3.2: input mass is gone.',
    );
    expect(
      dialog.getByText(/could not be asked who uses this model/),
    ).toBeVisible();
    expect(dialog.queryByText(/No entity that you can see/)).toBeNull();
  });

  it('says how an entity becomes a consumer where there is none', async () => {
    server.use(
      answer('/environments/production/impact', { ...impact, consumers: [] }),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await promote();
    expect(
      await dialog.findByText(/No entity that you can see in the catalog/),
    ).toBeVisible();
  });
});

describe('an override', () => {
  useBackend();

  it('is asked for by itself, with a reason of real length', async () => {
    const asked: unknown[] = [];
    server.use(
      ...withFailedGate,
      http.post(`${MODEL}/deployments/override`, async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json(asDetail(openDeployment));
      }),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await openDialog('Override gates…', 'Next for production');
    await userEvent.clear(reasonOf(dialog));
    await userEvent.type(reasonOf(dialog), 'Outage');
    await userEvent.click(
      await dialog.findByRole('checkbox', { name: 'Override the gates' }),
    );
    const button = dialog.getByRole('button', {
      name: 'Override and promote 1.4.0',
    });
    expect(button).toBeDisabled();
    expect(dialog.getByText(/at least 20 characters/)).toBeVisible();
    await userEvent.type(reasonOf(dialog), ' of 1.3.2, no other fix');
    await userEvent.click(button);
    await waitFor(() =>
      expect(asked).toEqual([
        {
          environment: 'production',
          version: '1.4.0',
          reason: 'Outage of 1.3.2, no other fix',
        },
      ]),
    );
  });

  it('is asked for again when another version is selected', async () => {
    server.use(
      http.get(`${MODEL}/environments/production/gates`, ({ request }) =>
        HttpResponse.json({
          ...failedReport,
          version: new URL(request.url).searchParams.get('version'),
          evidencePending: null,
        }),
      ),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await openDialog('Deploy version…', 'Production');
    const select = async (option: RegExp) => {
      await userEvent.click(dialog.getByRole('button', { name: /Version/ }));
      await userEvent.click(
        await screen.findByRole('option', { name: option }),
      );
    };
    const box = () =>
      dialog.findByRole('checkbox', { name: 'Override the gates' });
    await select(/^1\.4\.0/);
    await userEvent.click(await box());
    expect(await box()).toBeChecked();
    await select(/^1\.3\.1/);
    expect(await box()).not.toBeChecked();
  });
});

describe('a hold after a roll back', () => {
  useBackend();

  it('says who rolled back and why, and is lifted with a reason', async () => {
    const asked: unknown[] = [];
    const hold = {
      version: '1.4.1',
      by: 'user:default/ada.lindqvist',
      reason: 'Wrong labels',
      since: new Date().toISOString(),
    };
    server.use(
      answer('', {
        ...penguins,
        environments: [{ ...staging, hold }, production],
      }),
      http.post(
        `${MODEL}/environments/staging/lift-hold`,
        async ({ request }) => {
          asked.push(await request.json());
          return HttpResponse.json({});
        },
      ),
    );
    await renderPage(<DeliveryTab />);
    const card = within(await screen.findByRole('region', { name: 'Staging' }));
    expect(
      card.getByText('Automatic delivery is on hold.').parentElement,
    ).toHaveTextContent(/ada.lindqvist rolled back 1.4.1 .*“Wrong labels”/);
    const dialog = await openDialog('Lift hold…', 'Staging');
    await userEvent.type(reasonOf(dialog), 'Labels are fixed');
    await userEvent.click(dialog.getByRole('button', { name: 'Lift hold' }));
    await waitFor(() =>
      expect(asked).toEqual([{ reason: 'Labels are fixed' }]),
    );
  });
});

describe('the roll back dialog', () => {
  useBackend();

  it('offers only what may come back, and says why not the rest', async () => {
    const asked: unknown[] = [];
    server.use(
      http.post(
        `${MODEL}/environments/production/rollback`,
        async ({ request }) => {
          asked.push(await request.json());
          return HttpResponse.json(asDetail(openDeployment));
        },
      ),
    );
    await renderPage(<DeliveryTab />);
    const dialog = await openDialog('Roll back…', 'Production');
    const radios = await dialog.findAllByRole('radio');
    expect(radios).toHaveLength(3);
    expect(radios[0]).toBeChecked();
    expect(radios[2]).toBeDisabled();
    expect(dialog.getByText(/it was itself rolled back/)).toBeVisible();
    await userEvent.type(reasonOf(dialog), 'p95 above 500 ms');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Roll back to 1.3.1' }),
    );
    await waitFor(() =>
      expect(asked).toEqual([{ to: '1.3.1', reason: 'p95 above 500 ms' }]),
    );
  });
});
