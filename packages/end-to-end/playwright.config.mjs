import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { chromium } from './browser/chromium.mjs';
import { PORTS } from './browser/ports.mjs';
import { signedIn } from './browser/people.mjs';

const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);
// The configuration is read again by each worker: the portal is started by the first reading.
process.env.SLIPWAY_BROWSER_STATE ??= fs.mkdtempSync(
  path.join(os.tmpdir(), 'slipway-browser-'),
);
const { executablePath, args } = await chromium();

/** A portal of its own, started as a newcomer starts it, with the demo's models. */
export default defineConfig({
  testDir: './browser',
  outputDir: path.join(ROOT, 'test-results', 'browser'),
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 10 * 60_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${PORTS.app}`,
    storageState: signedIn(`http://localhost:${PORTS.app}`),
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args },
    trace: 'retain-on-failure',
    actionTimeout: 60_000,
  },
  webServer: {
    command: 'node scripts/start.mjs',
    cwd: ROOT,
    url: `http://localhost:${PORTS.app}`,
    timeout: 10 * 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    stdout: 'pipe',
    env: {
      ...process.env,
      SLIPWAY_STATE: process.env.SLIPWAY_BROWSER_STATE,
      SLIPWAY_APP_PORT: String(PORTS.app),
      SLIPWAY_BACKEND_PORT: String(PORTS.backend),
      SLIPWAY_MODELS_PORT: String(PORTS.models),
    },
  },
});
