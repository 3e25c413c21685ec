import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.mjs';
import { takePictures } from './pictures.mjs';

const MODEL = '/catalog/default/mlmodel/penguin-species';

test.beforeAll(async ({ browser }) => {
  // The demo's story is over when its third version was rejected.
  const page = await browser.newPage();
  await expect(async () => {
    await page.goto(`${MODEL}/delivery`);
    await expect(page.getByText(/0\.3\.0 was rejected/).first()).toBeVisible({
      timeout: 10_000,
    });
  }).toPass({ timeout: 480_000 });
  await page.close();
});

test('the fleet says what is live where, and filters in its address', async ({
  page,
}, testInfo) => {
  await page.goto('/models');
  const row = page.getByRole('row', { name: /penguin-species/ });
  await expect(row.getByText('0.2.0').first()).toBeVisible();
  await expect(
    page.getByRole('row', { name: /seattle-temperature/ }),
  ).toBeVisible();
  await takePictures(page, 'models', row, testInfo);
  await expectAccessible(page);

  await page.keyboard.press('/');
  await page.keyboard.type('seattle');
  await expect(page).toHaveURL(/search=seattle|q=seattle/);
  await expect(row).toBeHidden();
  await page.goBack();
});

test('Delivery: what is live, what was rejected and why, and an answer of the model', async ({
  page,
}, testInfo) => {
  await page.goto(`${MODEL}/delivery`);
  await expect(
    page.getByText(/accuracy 0\.\d+ < 0\.92 on 138 holdout rows/).first(),
  ).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Production' }).getByText('0.2.0').first(),
  ).toBeVisible();
  const rejected = page.getByText(/0\.3\.0 was rejected/).first();
  await takePictures(page, 'delivery', rejected, testInfo);
  await page.getByRole('button', { name: /^Send to / }).click();
  // The events name species, too, and are there before the answer.
  const tried = page.getByRole('region', { name: 'Try it' });
  await expect(
    tried.getByText(/Adelie|Chinstrap|Gentoo/).first(),
  ).toBeVisible();
  const trail = page.getByRole('region', { name: 'Audit trail' });
  await trail.getByRole('button', { name: 'Verify now' }).click();
  await expect(trail.getByText(/^Verified up to entry/)).toBeVisible();
  await expectAccessible(page);
});

test('Pipelines: parallel jobs, a log and the evidence of a run', async ({
  page,
}, testInfo) => {
  await page.goto(`${MODEL}/pipelines`);
  await page.getByRole('link', { name: /Training #3/ }).click();
  await expect(page.getByText('test-integration').first()).toBeVisible();
  await page.getByText('evaluate', { exact: true }).first().click();
  await expect(
    page.getByText(/exit 3|a gate failed|0\.92/i).first(),
  ).toBeVisible();
  await takePictures(
    page,
    'pipelines',
    page.getByText('test-integration').first(),
    testInfo,
  );
  await expectAccessible(page);
});

test('Versions: two of them compared', async ({ page }, testInfo) => {
  await page.goto(`${MODEL}/versions`);
  await expect(page.getByRole('row', { name: /0\.3\.0/ })).toBeVisible();
  for (const version of ['0.1.0', '0.2.0']) {
    await page
      .getByRole('row', { name: new RegExp(version.replace(/\./g, '\\.')) })
      .getByRole('checkbox')
      .check({ force: true });
  }
  await page.getByRole('button', { name: /^Compare/ }).click();
  await expect(page.getByText(/0\.2\.0 against 0\.1\.0: /)).toBeVisible();
  await takePictures(
    page,
    'versions',
    page.getByText(/0\.2\.0 against 0\.1\.0: /),
    testInfo,
  );
  await expectAccessible(page);
});

test('Monitoring: signals with their limits, and when a version went live', async ({
  page,
}, testInfo) => {
  await page.goto(`${MODEL}/monitoring`);
  await expect(page.getByText('latency-p95').first()).toBeVisible();
  // What names it for screen readers holds more words.
  const flag = page.getByText('0.2.0', { exact: true }).first();
  await expect(flag).toBeVisible();
  await takePictures(page, 'monitoring', flag, testInfo);
  await expectAccessible(page);
});

test('the feedback of all models is switched by those who may', async ({
  page,
}) => {
  await page.goto('/models/feedback');
  await expect(
    page
      .getByText(/You do not have permission to switch/)
      .or(page.getByRole('button', { name: /for all models…/ })),
  ).toBeVisible();
  await expectAccessible(page);
});

test('the catalog shows the model beside what it was trained on', async ({
  page,
}) => {
  await page.goto(MODEL);
  await expect(page.getByText('Delivery').first()).toBeVisible();
  await page.goto('/catalog/default/resource/palmer-penguins');
  await expect(page.getByText('penguin-species').first()).toBeVisible();
});
