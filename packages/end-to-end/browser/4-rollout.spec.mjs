import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Clone } from '../portal/Clone.mjs';
import {
  LONG_BILLED_PENGUIN,
  LONG_BILL_MM,
  PENGUIN,
} from '../portal/penguins.mjs';
import { SteadyLoad } from '../portal/SteadyLoad.mjs';
import { takePictures } from './pictures.mjs';
import { PORTS } from './ports.mjs';

// The model that the first file makes: production asks for no approval there.
const NAME = 'house-sparrow';
const DELIVERY = `/catalog/default/mlmodel/${NAME}/delivery`;
// A tenth of twenty requests a second are forty in an interval: twice as many as a verdict needs.
const SHADOW_STRATEGY =
  '{ shadow: { duration: 10s, minRequests: 20 }, canary: [10, 50], interval: 20s, minRequests: 20 }';
// A busy machine slows both versions, which makes their ratio smaller.
const STRICT_STRATEGY =
  '{ canary: [10, 50], interval: 20s, minRequests: 20, maxP95Ratio: 1.2 }';

test.describe.configure({ mode: 'serial' });

const BIRDS = [PENGUIN, PENGUIN, LONG_BILLED_PENGUIN];

let clone;
let portal;
let addressOf;

/** Sends twenty requests a second to an environment meanwhile, of which none may fail. */
async function underLoad(environment, bodies, act) {
  // Begun here: a push blocks this process, and connections time out meanwhile.
  const load = new SteadyLoad(addressOf(environment), bodies);
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

const steps = page =>
  page.getByRole('list', { name: 'Steps of the roll-out' }).first();

test('a shadow shows how a new version differs, then it takes over the traffic in steps, and no request fails', async ({
  page,
}) => {
  clone.edit('catalog-info.yaml', text =>
    text.replace(
      '    - name: production\n      after: staging\n',
      `    - name: production\n      after: staging\n      strategy: ${SHADOW_STRATEGY}\n`,
    ),
  );
  // No bird of the data is predicted otherwise, so that only the shadow shows the difference.
  clone.push(
    'src/house_sparrow/inference.py',
    text =>
      text.replace(
        '        matrix = features.matrix(',
        `        gentoo = {"bill_depth_mm": 14.0, "flipper_length_mm": 225.0, "body_mass_g": 5500.0}
        rows = [{**r, **gentoo} if r["bill_length_mm"] == ${LONG_BILL_MM} else r for r in rows]
        matrix = features.matrix(`,
      ),
    'Predict birds with a long bill as Gentoo',
  );
  await portal.until(NAME, '0.2.0 in staging', model =>
    isLive(model, 'staging', '0.2.0'),
  );
  await page.goto(DELIVERY);
  await page.getByRole('button', { name: /Promote to production/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('Better slices');
  await underLoad('production', BIRDS, async () => {
    await dialog.getByRole('button', { name: 'Promote 0.2.0' }).click();
    await expect(dialog).toBeHidden();
    await expect(
      page.getByText(/\d+ copies were predicted alike/).first(),
    ).toBeVisible();
    await expect(steps(page)).toContainText('10 %');
    await takePictures(page, 'roll-out', steps(page), test.info());
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
  await underLoad('production', BIRDS, async () => {
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

test('a slow version goes back by itself, which its tests did not show', async ({
  page,
}) => {
  clone.edit('catalog-info.yaml', text =>
    text.replace(
      '    - name: staging\n',
      `    - name: staging\n      strategy: ${STRICT_STRATEGY}\n`,
    ),
  );
  // No test of the repository asks about such a bird, so that only the traffic is slow.
  clone.push(
    'src/house_sparrow/inference.py',
    text =>
      text
        .replace(
          '        gentoo =',
          `        if any(r["bill_length_mm"] == ${LONG_BILL_MM} for r in rows):
            time.sleep(2)
        gentoo =`,
        )
        .replace('from collections.abc', 'import time\nfrom collections.abc'),
    'Take long for birds with a long bill',
  );
  await page.goto(DELIVERY);
  await underLoad('staging', [LONG_BILLED_PENGUIN], () =>
    expect(
      page.getByText(/0\.3\.0 failed the step at \d+ %.*p95/).first(),
    ).toBeVisible({ timeout: 300_000 }),
  );
  const staging = page.getByRole('region', { name: 'Staging' });
  await expect(staging.getByText('0.2.0').first()).toBeVisible();
});

test('a roll back where versions go live by themselves holds the next ones', async ({
  page,
}) => {
  await page.goto(DELIVERY);
  const staging = page.getByRole('region', { name: 'Staging' });
  await staging.getByRole('button', { name: /Roll back/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('Odd answers');
  await dialog.getByRole('button', { name: 'Roll back to 0.1.0' }).click();
  await expect(dialog).toBeHidden();
  await expect(
    staging.getByText('Automatic delivery is on hold.'),
  ).toBeVisible();
});
