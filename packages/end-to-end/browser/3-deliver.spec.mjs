import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.mjs';
import { takeNarrowPicture, takePictures } from './pictures.mjs';

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

test('promoted again, after its gates and the approval of another person', async ({
  page,
}, testInfo) => {
  await page.goto(DELIVERY);
  const production = page.getByRole('region', { name: 'Production' });
  await page.getByRole('button', { name: /Promote to production/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: /Reason/ })
    .fill('It was the network');
  await dialog.getByRole('button', { name: /promotion|Promote/ }).click();
  await expect(dialog).toBeHidden();

  const waiting = page.getByRole('region', { name: 'Waiting for production' });
  await expect(waiting.getByText('In Backstage')).toBeVisible();
  await expect(
    waiting.getByText(/do not have permission to approve deployments/),
  ).toBeVisible();
  await expect(
    waiting.getByRole('button', { name: 'Approve…' }),
  ).toBeDisabled();

  // One click, and the page is another person's.
  await page.getByRole('button', { name: 'Mei' }).click();
  await expect(
    waiting.getByText(/do not have permission to approve deployments/),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Jonas' }).click();
  await page.goto('/models/approvals');
  const row = page.getByRole('row', { name: /penguin-species/ });
  await expect(row).toContainText('It was the network');
  await row.getByRole('link').click();
  const approve = waiting.getByRole('button', { name: 'Approve…' });
  await takePictures(page, 'approval', approve, testInfo);
  await takeNarrowPicture(page, 'approval', approve, testInfo);
  await expectAccessible(page);
  await approve.click();
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(production.getByText('0.2.0').first()).toBeVisible();
  await expect(waiting).toBeHidden();
  await expect(page.getByText(/Approved, 1 of 1/).first()).toBeVisible();
});
