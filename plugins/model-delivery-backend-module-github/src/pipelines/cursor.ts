import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import type { GithubRun } from '../answers/runs';

/** After which attempt of which run a page begins. New runs come before it and move nothing. */
const position = z.strictObject({
  createdAt: z.iso.datetime(),
  id: z.int().positive(),
  attempt: z.int().min(1),
});
export type Position = z.infer<typeof position>;

export function writeCursor(of: Position): string {
  return Buffer.from(
    JSON.stringify([of.createdAt, of.id, of.attempt]),
  ).toString('base64url');
}

/** @throws ProviderError `bad-data` for a cursor that is not ours. */
export function readCursor(cursor: string): Position {
  try {
    const [createdAt, id, attempt] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    return position.parse({ createdAt, id, attempt });
  } catch {
    throw new ProviderError(
      'bad-data',
      'This place in the list is not known; read it from its beginning.',
    );
  }
}

/** The attempts of a run that come after a position, newest first. */
export function attemptsAfter(
  run: Pick<GithubRun, 'id' | 'created_at' | 'run_attempt'>,
  after: Position | null,
): number[] {
  const all = Array.from(
    { length: run.run_attempt },
    (_, index) => run.run_attempt - index,
  );
  if (!after || run.created_at < after.createdAt) return all;
  if (run.created_at > after.createdAt || run.id > after.id) return [];
  return run.id < after.id ? all : all.filter(n => n < after.attempt);
}
