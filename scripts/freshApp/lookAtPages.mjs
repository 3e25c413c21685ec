import { chromium } from '../../packages/end-to-end/browser/chromium.mjs';

const SIZE = { width: 1280, height: 800 };
const TIMEOUT_MS = 120_000;

/**
 * Opens the pages as a guest and waits until they show the model: the fleet with the newest version,
 * then the tab of versions with what was measured.
 *
 * @param picture - file that takes a picture of the tab.
 * @throws Error where something does not show in time, or a page throws an error.
 */
export async function lookAtPages({ url, model, picture, signal }) {
  // Only there once the packages are installed.
  const { chromium: engine, expect: expectSoon } =
    await import('@playwright/test');
  const expect = expectSoon.configure({ timeout: TIMEOUT_MS });
  const browser = await engine.launch(await chromium());
  const close = () => browser.close();
  signal.addEventListener('abort', close);
  const page = await browser.newPage({ viewport: SIZE });
  page.setDefaultTimeout(TIMEOUT_MS);
  try {
    const thrown = [];
    page.on('pageerror', error => thrown.push(error.message));

    await page.goto(`${url}/models`);
    await page.getByRole('button', { name: 'Enter' }).click();
    const row = page.getByRole('row', { name: model.name });
    await expect(row.getByText(model.version, { exact: true })).toBeVisible();

    await row.getByRole('link', { name: model.name }).click();
    // A link in the new frontend system, a tab in the old.
    const named = { name: 'Versions', exact: true };
    await page
      .getByRole('link', named)
      .or(page.getByRole('tab', named))
      .click();
    const version = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: model.version }) });
    await expect(version.getByText(model.metric.shown)).toBeVisible();
    await page.screenshot({ path: picture });
    if (thrown.length > 0) throw new Error(thrown.join('\n'));
  } catch (error) {
    const shown = await page.innerText('body').catch(() => 'nothing');
    throw new Error(`${error.message}\nThe page shows: ${shown}`);
  } finally {
    signal.removeEventListener('abort', close);
    await close();
  }
}
