import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const IMAGES = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../../docs/images',
);

/**
 * Takes a picture of the page in light and in dark. With `UPDATE_PICTURES=1` they become those of
 * the docs.
 */
export async function takePictures(page, name, testInfo) {
  const folder = process.env.UPDATE_PICTURES
    ? IMAGES
    : testInfo.outputPath('pictures');
  fs.mkdirSync(folder, { recursive: true });
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({
      path: path.join(folder, `${name}-${scheme}.png`),
      fullPage: true,
    });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
