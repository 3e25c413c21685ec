import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';

const IMAGES = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../../docs/images',
);

/** Of a longer page, a picture shows the top. */
const MOST_HEIGHT = 1600;
/** As high as the picture: the host's bar stands at the bottom of the screen. */
const NARROW = { width: 480, height: MOST_HEIGHT };

/**
 * Takes a picture of the page in light and in dark. With `UPDATE_PICTURES=1` they become those of
 * the docs.
 *
 * @param shown - what has to be seen; a change of theme lets the host draw its page anew.
 */
export async function takePictures(page, name, shown, testInfo) {
  const folder = pictureFolder(testInfo);
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    await takePicture(page, path.join(folder, `${name}-${scheme}.png`), shown);
  }
}

/** Takes a picture of the page on a narrow screen too. */
export async function takeNarrowPicture(page, name, shown, testInfo) {
  const before = page.viewportSize();
  await page.setViewportSize(NARROW);
  const file = path.join(pictureFolder(testInfo), `${name}-narrow.png`);
  await takePicture(page, file, shown);
  await page.setViewportSize(before);
}

function pictureFolder(testInfo) {
  const folder = process.env.UPDATE_PICTURES
    ? IMAGES
    : testInfo.outputPath('pictures');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

async function takePicture(page, file, shown) {
  await page.waitForLoadState('networkidle');
  await expect(shown).toBeVisible();
  // A chart is drawn anew when the sidebar has taken its place beside it.
  await page.waitForFunction(chartsFit);
  await page.evaluate(() => window.scrollTo(0, 0));
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    height: document.documentElement.scrollHeight,
  }));
  await page.screenshot({
    path: file,
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(height, MOST_HEIGHT) },
  });
}

/** Whether each chart on the page is as wide as its container. */
function chartsFit() {
  return [...document.querySelectorAll('.recharts-responsive-container')].every(
    container => {
      const { width } = container.getBoundingClientRect();
      const drawing = container.querySelector('svg');
      return (
        drawing?.getBoundingClientRect().width.toFixed() === width.toFixed()
      );
    },
  );
}
