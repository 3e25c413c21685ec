import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { missingPrograms } from '../../../scripts/stack/prometheus.mjs';
import { chromium } from '../browser/chromium.mjs';
import { PORTS } from './ports.mjs';
import { signedIn } from '../browser/people.mjs';

const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../..',
);
// The configuration is read again by each worker: the portal is started by the first reading.
process.env.SLIPWAY_BROWSER_STATE ??= fs.mkdtempSync(
  path.join(os.tmpdir(), 'slipway-stack-'),
);
const { executablePath, args } = await chromium();
const missing = missingPrograms();

/** A portal of its own on real servers, started as the README says. */
export default defineConfig({
  testDir: '.',
  outputDir: path.join(ROOT, 'test-results', 'real-systems'),
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
  // Without the programs the tests say so themselves: skipped, or failed where CI is set.
  webServer: missing
    ? undefined
    : {
        command: 'node scripts/demoStack.mjs',
        cwd: ROOT,
        url: `http://localhost:${PORTS.app}`,
        timeout: 15 * 60_000,
        gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
        stdout: 'pipe',
        env: {
          ...process.env,
          SLIPWAY_STATE: process.env.SLIPWAY_BROWSER_STATE,
          SLIPWAY_TOOLS:
            process.env.SLIPWAY_TOOLS ?? path.join(ROOT, '.slipway', 'tools'),
          SLIPWAY_APP_PORT: String(PORTS.app),
          SLIPWAY_BACKEND_PORT: String(PORTS.backend),
          SLIPWAY_MODELS_PORT: String(PORTS.models),
          SLIPWAY_MLFLOW_PORT: String(PORTS.mlflow),
          SLIPWAY_PROMETHEUS_PORT: String(PORTS.prometheus),
          SLIPWAY_ALERTMANAGER_PORT: String(PORTS.alertmanager),
        },
      },
});
