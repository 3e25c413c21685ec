import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Clone } from '../portal/Clone.mjs';
import { SteadyLoad } from '../portal/SteadyLoad.mjs';
import { PORTS } from './ports.mjs';

// The model that the first file makes: production asks for no approval there.
const NAME = 'house-sparrow';
const DELIVERY = `/catalog/default/mlmodel/${NAME}/delivery`;
const SPARROW = {
  inputs: [
    ['bill_length_mm', 'FP64', 44],
    ['bill_depth_mm', 'FP64', 17],
    ['flipper_length_mm', 'FP64', 200],
    ['body_mass_g', 'FP64', 4000],
    ['sex', 'BYTES', 'male'],
  ].map(([name, datatype, value]) => ({
    name,
    datatype,
    shape: [1],
    data: [value],
  })),
};

const STRATEGY = '{ canary: [10, 50], interval: 5s, minRequests: 20 }';

test.describe.configure({ mode: 'serial' });

let clone;
let portal;
let addressOf;

/** Sends twenty requests a second to an environment meanwhile, of which none may fail. */
async function underLoad(environment, act) {
  // Begun here: a push blocks this process, and connections time out meanwhile.
  const load = new SteadyLoad(addressOf(environment), SPARROW);
  try {
    await act();
  } finally {
    await load.stop();
  }
  expect(load.answers.length).toBeGreaterThan(0);
  expect(load.failed).toEqual([]);
}

const isLive = (model, environment, version) =>
  model.environments.some(
    e => e.name === environment && e.live?.version === version,
  );

test.beforeAll(async () => {
  process.env.SLIPWAY_BACKEND_PORT = String(PORTS.backend);
  const { Portal } = await import('../../../scripts/demo/portal.mjs');
  portal = new Portal();
  await portal.signIn();
  const model = await portal.until(
    NAME,
    '0.1.0 in production',
    known => isLive(known, 'production', '0.1.0') && known,
  );
  clone = new Clone(
    model.repository.cloneUrl,
    fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-sparrow-')),
  );
  addressOf = environment => {
    const { endpoint } = model.environments.find(e => e.name === environment);
    return `${endpoint}/v2/models/${NAME}/infer`;
  };
});
test.afterAll(() => {
  if (clone) fs.rmSync(clone.folder, { recursive: true, force: true });
});

const untilRegistered = version =>
  portal.until(
    NAME,
    `version ${version}`,
    model => model.latestVersion?.version === version,
  );
const steps = page =>
  page.getByRole('list', { name: 'Steps of the roll-out' }).first();

test('a new version takes over the traffic in steps, and no request fails', async ({
  page,
}) => {
  clone.push(
    'catalog-info.yaml',
    text =>
      text.replace(
        '    - name: production\n      after: staging\n',
        `    - name: production\n      after: staging\n      strategy: ${STRATEGY}\n`,
      ),
    'Roll out in steps',
  );
  await portal.until(NAME, '0.2.0 in staging', model =>
    isLive(model, 'staging', '0.2.0'),
  );
  await page.goto(DELIVERY);
  await page.getByRole('button', { name: /Promote to production/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('Better slices');
  await underLoad('production', async () => {
    await dialog.getByRole('button', { name: 'Promote 0.2.0' }).click();
    await expect(dialog).toBeHidden();
    await expect(steps(page)).toContainText('10 %');
    await expect(steps(page)).toContainText('50 %');
    await portal.until(NAME, '0.2.0 in production', model =>
      isLive(model, 'production', '0.2.0'),
    );
  });
  const production = page.getByRole('region', { name: 'Production' });
  await expect(production.getByText('0.2.0').first()).toBeVisible();
});

test('it is rolled back at once, for all traffic', async ({ page }) => {
  await page.goto(DELIVERY);
  const production = page.getByRole('region', { name: 'Production' });
  await production.getByRole('button', { name: /Roll back/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('Odd answers');
  await underLoad('production', async () => {
    await dialog.getByRole('button', { name: 'Roll back to 0.1.0' }).click();
    await expect(dialog).toBeHidden();
    const began = Date.now();
    await portal.until(NAME, '0.1.0 in production', model =>
      isLive(model, 'production', '0.1.0'),
    );
    test.info().annotations.push({
      type: 'rolled back',
      description: `${Date.now() - began} ms after the dialog closed`,
    });
  });
});

test('a slow version goes back by itself, although its gates were overridden', async ({
  page,
}) => {
  // Owners may override gates in staging.
  clone.edit('catalog-info.yaml', text =>
    text.replace(
      '    - name: staging\n',
      `    - name: staging\n      strategy: ${STRATEGY}\n`,
    ),
  );
  clone.push(
    'src/house_sparrow/inference.py',
    text =>
      text
        .replace(
          '        if not rows:',
          '        time.sleep(0.4)\n        if not rows:',
        )
        .replace('from pathlib', 'import time\nfrom pathlib'),
    'Wait in every prediction',
  );
  await untilRegistered('0.3.0');
  await page.goto(DELIVERY);
  const staging = page.getByRole('region', { name: 'Staging' });
  await staging.getByRole('button', { name: 'Deploy version…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Version/ }).click();
  await page.getByRole('option', { name: /^0\.3\.0/ }).click();
  await dialog.getByText('Override the gates').click();
  await dialog
    .getByRole('textbox', { name: /Reason/ })
    .fill('The outage hurts more than slow answers');
  await underLoad('staging', async () => {
    await dialog
      .getByRole('button', { name: 'Override and deploy 0.3.0' })
      .click();
    await expect(dialog).toBeHidden();
    await expect(
      page.getByText(/0\.3\.0 failed the step at 10 %.*p95/).first(),
    ).toBeVisible({ timeout: 240_000 });
  });
  await expect(staging.getByText('0.2.0').first()).toBeVisible();
});
