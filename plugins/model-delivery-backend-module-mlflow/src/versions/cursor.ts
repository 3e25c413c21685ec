import { ProviderError } from '@slipway/plugin-model-delivery-node';

/**
 * The version number with which the next page begins. MLflow's own tokens count rows, and so skip
 * or repeat some when versions are registered meanwhile.
 */
export const encodeCursor = (version: string): string => `v${version}`;

/** @throws ProviderError `bad-data` for a cursor that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): string {
  const match = /^v([1-9]\d{0,9})$/.exec(cursor);
  if (match) return match[1];
  throw new ProviderError(
    'bad-data',
    'The cursor is not one that this registry gave; begin again without it.',
  );
}
