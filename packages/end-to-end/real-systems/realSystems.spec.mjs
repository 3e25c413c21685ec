import { expect, test } from '@playwright/test';
import { missingPrograms } from '../../../scripts/stack/prometheus.mjs';
import { expectAccessible } from '../browser/accessibility.mjs';
import { takePictures } from '../browser/pictures.mjs';
import { Alertmanager } from './Alertmanager.mjs';
import { Mlflow } from './Mlflow.mjs';
import { PORTS } from './ports.mjs';
import { ServerOn } from './ServerOn.mjs';

const NAME = 'penguin-species';
const MODEL = `/catalog/default/mlmodel/${NAME}`;
const ALERT = {
  alertname: 'FewerChinstraps',
  model: NAME,
  namespace: 'default',
  environment: 'production',
  monitor: 'prediction-mix',
  severity: 'critical',
};

const missing = missingPrograms();
test.describe.configure({ mode: 'serial' });
test.skip(
  () => missing !== undefined && !process.env.CI,
  `Not on real servers: ${missing}`,
);

const mlflow = new Mlflow(PORTS.mlflow);
const alertmanager = new Alertmanager(PORTS.alertmanager);
let newest;

test.beforeAll(async ({ browser }) => {
  expect(missing).toBeUndefined();
  const page = await browser.newPage();
  const production = page.getByRole('region', { name: 'Production' });
  await expect(async () => {
    await page.goto(`${MODEL}/delivery`);
    await expect(production.getByText(/5 monitors healthy/)).toBeVisible({
      timeout: 10_000,
    });
  }).toPass({ timeout: 480_000 });
  await page.close();
});

test('a version registered in MLflow appears automatically', async ({
  page,
}) => {
  await page.goto(`${MODEL}/versions`);
  await expect(page.getByRole('row', { name: /^2\b|Version 2/ })).toBeVisible();
  const milliseconds = [];
  for (let time = 0; time < 5; time += 1) {
    newest = await mlflow.registerAgain(NAME, '2');
    const began = Date.now();
    await expect(
      page.getByRole('rowheader', { name: newest, exact: true }),
    ).toBeVisible();
    milliseconds.push(Date.now() - began);
  }
  console.log(`new versions showed after ${milliseconds.join(', ')} ms`);
});

test('promoting it moves the alias in MLflow', async ({ page }) => {
  await page.goto(`${MODEL}/delivery`);
  const promote = page.getByRole('button', { name: /Promote to production/ });
  await expect(
    page.getByRole('region', { name: 'Staging' }).getByText(newest).first(),
  ).toBeVisible();
  await promote.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('It is the same');
  await dialog.getByRole('button', { name: /Promote|promotion/ }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(() => mlflow.alias(NAME, 'production'), { timeout: 60_000 })
    .toBe(newest);
  await expect(
    page.getByRole('region', { name: 'Production' }).getByText(newest).first(),
  ).toBeVisible();
});

test('an alert shows on its monitor, in the fleet and among the events, and a silenced one says so', async ({
  page,
}, testInfo) => {
  await page.goto(`${MODEL}/monitoring`);
  await expect(page.getByText('prediction-mix').first()).toBeVisible();
  const began = Date.now();
  await alertmanager.fire(ALERT, { summary: 'Fewer Chinstraps than usual' });
  const fires = page.getByText(/Alert fires: FewerChinstraps/);
  await expect(fires).toBeVisible();
  console.log(`an alert showed after ${Date.now() - began} ms`);
  await takePictures(page, 'alert', fires, testInfo);
  await expectAccessible(page);

  await page.goto('/models');
  await expect(
    page.getByRole('row', { name: new RegExp(NAME) }).getByText(/critical of/),
  ).toBeVisible();
  await page.goto(`${MODEL}/delivery?event=alert`);
  await expect(
    page
      .getByRole('row', { name: /Alert fires/ })
      .filter({ hasText: 'FewerChinstraps' }),
  ).toBeVisible();

  await alertmanager.silence(ALERT, { by: 'ada', comment: 'moulting season' });
  await page.goto(`${MODEL}/monitoring`);
  await expect(
    page.getByText(/Silenced by ada until .*moulting season/),
  ).toBeVisible();
});

test('without Prometheus monitors are stale and the rest is as it was; back again, they heal', async ({
  page,
}, testInfo) => {
  await page.goto(`${MODEL}/monitoring`);
  const stale = page.getByText(/stale since/).first();
  await expect(page.getByText(/Prometheus: /).first()).toBeVisible();
  await expect(stale).toBeHidden();
  const prometheus = new ServerOn(PORTS.prometheus);
  prometheus.kill();
  await expect(stale).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/Prometheus: stale/)).toContainText(
    'cannot be reached',
  );
  await takePictures(page, 'stale', stale, testInfo);
  await page.goto(`${MODEL}/delivery`);
  const production = page.getByRole('region', { name: 'Production' });
  await expect(production.getByText(newest).first()).toBeVisible();
  await expect(page.getByText(/MLflow: (?!stale)/).first()).toBeVisible();

  const stop = prometheus.start();
  try {
    await page.goto(`${MODEL}/monitoring`);
    await expect(page.getByText(/Prometheus: (?!stale)/).first()).toBeVisible({
      timeout: 180_000,
    });
    await expect(stale).toBeHidden();
  } finally {
    stop();
  }
});

test('the sources say how they fare, and are tested from the page', async ({
  page,
}, testInfo) => {
  await page.goto('/models/sources');
  const row = page.getByRole('row', { name: /MLflow/ });
  await row.getByRole('button', { name: /Test/ }).click();
  await expect(row.getByText('Answers')).toBeVisible();
  await takePictures(page, 'sources', row, testInfo);
  await expectAccessible(page);
});

test('an existing model is found, checked and registered', async ({
  page,
}, testInfo) => {
  await page.goto('/models/add');
  const field = page.getByRole('combobox', { name: /Registered model/ });
  await field.fill('penguin');
  await page.getByRole('option', { name: NAME }).click();
  const name = page.getByRole('textbox', { name: /^Name/ });
  await name.fill('penguins-again');
  const owner = page.getByRole('combobox', { name: /Owner/ });
  await owner.fill('ml-platform');
  await page.getByRole('option', { name: /ml-platform/ }).click();
  const found = page.getByRole('list', { name: 'Findings' });
  await expect(found.getByText(/the newest is/)).toBeVisible();
  await takePictures(page, 'add-model', found, testInfo);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page
    .getByRole('link', { name: 'mlmodel:default/penguins-again' })
    .waitFor();
  await page.goto('/models');
  await expect(page.getByRole('row', { name: /penguins-again/ })).toBeVisible({
    timeout: 120_000,
  });
});
