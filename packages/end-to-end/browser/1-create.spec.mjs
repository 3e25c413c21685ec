import { expect, test } from '@playwright/test';

// The three uses on one model, in the order in which a person has them.
test.describe.configure({ mode: 'serial' });

const NAME = 'house-sparrow';
const DELIVERY = `/catalog/default/mlmodel/${NAME}/delivery`;

test('a model made from the template goes live in staging by itself', async ({
  page,
}) => {
  await page.goto('/models');
  // While there is no model yet, the empty table offers the same.
  await page.getByRole('link', { name: 'New model' }).first().click();

  const name = page.getByRole('textbox', { name: /^Name/ });
  await name.fill('Not a Name');
  await expect(
    page.getByText(/lower-case letters, digits and single dashes/).first(),
  ).toBeVisible();
  await name.fill(NAME);
  await expect(
    page.getByText(`Available. The entity will be mlmodel:default/${NAME}.`),
  ).toBeVisible();
  await page
    .getByRole('textbox', { name: /What it does/ })
    .fill('Tells sparrows apart');
  await page.getByRole('textbox', { name: /^Owner/ }).fill('ML Platform');
  await page.getByRole('option', { name: /ML Platform/ }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Palmer penguins')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('catalog-info.yaml')).toBeVisible();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: 'Open the model' }).click();

  // The first run moves while it is looked at, once those of the other models leave it a slot.
  await page.getByRole('link', { name: 'Pipelines', exact: true }).click();
  await expect(page.getByText(/^(Running|Passed)\b/).first()).toBeVisible({
    timeout: 240_000,
  });
  await page.getByRole('link', { name: 'Delivery', exact: true }).click();
  const staging = page.getByRole('region', { name: 'Staging' });
  await expect(staging.getByText('0.1.0').first()).toBeVisible({
    timeout: 240_000,
  });
});

test('its name is taken from then on', async ({ page }) => {
  await page.goto('/create/templates/default/model-project');
  await page.getByRole('textbox', { name: /^Name/ }).fill(NAME);
  await expect(
    page.getByText(/is in the catalog already|is taken/).first(),
  ).toBeVisible();
});

test('it is promoted from its page, with the reason in its history', async ({
  page,
}) => {
  await page.goto(DELIVERY);
  const production = page.getByRole('region', { name: 'Production' });
  await page.getByRole('button', { name: /Promote to production/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: /Reason/ })).toBeFocused();
  await dialog
    .getByRole('textbox', { name: /Reason/ })
    .fill('Good enough for the field');
  await dialog.getByRole('button', { name: /promotion|Promote/ }).click();
  await expect(production.getByText('0.1.0').first()).toBeVisible({
    timeout: 120_000,
  });
  await expect(
    page.getByText(/Good enough for the field/).first(),
  ).toBeVisible();
});
