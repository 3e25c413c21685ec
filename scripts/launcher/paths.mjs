import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the whole project. */
export const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
);

/** Everything that a running portal keeps. `SLIPWAY_STATE` moves it. */
export const STATE = path.resolve(
  ROOT,
  process.env.SLIPWAY_STATE ?? '.slipway',
);
