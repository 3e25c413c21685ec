import { InputError } from '@backstage/errors';
import { z } from 'zod';

const keyset = z.tuple([z.string().nullable(), z.string()]);
export type Keyset = z.infer<typeof keyset>;

export const encodeCursor = (key: Keyset): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws InputError for a cursor that no answer of ours gave. */
export function decodeCursor(cursor: string): Keyset {
  try {
    return keyset.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InputError('The cursor is not valid; start again without it');
  }
}
