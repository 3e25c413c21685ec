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

/** Programs that were installed once and are kept, such as MLflow. `SLIPWAY_TOOLS` moves it. */
export const TOOLS = path.resolve(
  process.env.SLIPWAY_TOOLS ?? path.join(STATE, 'tools'),
);
