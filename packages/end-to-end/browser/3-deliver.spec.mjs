import { expect, test } from '@playwright/test';

const DELIVERY = '/catalog/default/mlmodel/penguin-species/delivery';

test.describe.configure({ mode: 'serial' });

test('rolled back in one dialog, which keeps what was typed', async ({
  page,
}) => {
  await page.goto(DELIVERY);
  const production = page.getByRole('region', { name: 'Production' });
  await production.getByRole('button', { name: /Roll back/ }).click();
  const dialog = page.getByRole('dialog');
  const reason = dialog.getByRole('textbox', { name: /Reason/ });
  await expect(reason).toBeFocused();
  await reason.fill('Visitors see odd answers');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await production.getByRole('button', { name: /Roll back/ }).click();
  await expect(reason).toHaveValue('Visitors see odd answers');
  await dialog.getByRole('button', { name: 'Roll back to 0.1.0' }).click();
  await expect(dialog).toBeHidden();
  await expect(production.getByText('0.1.0').first()).toBeVisible();
  await expect(
    page.getByText(/Visitors see odd answers/).first(),
  ).toBeVisible();
});

test('promoted again, after its gates', async ({ page }) => {
  await page.goto(DELIVERY);
  const production = page.getByRole('region', { name: 'Production' });
  await page.getByRole('button', { name: /Promote to production/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: /Reason/ })
    .fill('It was the network');
  await dialog.getByRole('button', { name: /promotion|Promote/ }).click();
  await expect(dialog).toBeHidden();
  await expect(production.getByText('0.2.0').first()).toBeVisible();
});
