import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

/**
 * After which pipeline a page begins, and on which page of GitLab's that pipeline was. New ones only
 * move it to later pages.
 */
const position = z.tuple([z.int().positive(), z.int().min(1).max(100_000)]);
export interface Position {
  id: number;
  page: number;
}

export function writeCursor({ id, page }: Position): string {
  return Buffer.from(JSON.stringify([id, page])).toString('base64url');
}

/** @throws ProviderError `bad-data` for a cursor that is not ours. */
export function readCursor(cursor: string): Position {
  try {
    const [id, page] = position.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { id, page };
  } catch {
    throw new ProviderError(
      'bad-data',
      'This place in the list is not known; read it from its beginning.',
    );
  }
}
