import crypto from 'node:crypto';
import { catalogName } from '@slipway/plugin-model-delivery-common/schema';
import type { RegisteredModel } from '../api/schemas';

const HASH_LENGTH = 8;
const MAX_SLUG = 63 - HASH_LENGTH - 1;

/**
 * A name for each model that the catalog can hold: its own where that will do, else a slug of it
 * with a hash. The catalog minds no case, so of names that differ in nothing else the model that
 * was there first keeps its own.
 *
 * @returns by the model's own name.
 */
export function catalogNames(
  models: readonly RegisteredModel[],
): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const oldestFirst = [...models].sort(
    (a, b) =>
      a.creation_timestamp - b.creation_timestamp || (a.name < b.name ? -1 : 1),
  );
  for (const { name } of oldestFirst) {
    const own = catalogName.safeParse(name).success;
    const key = name.toLocaleLowerCase('en-US');
    const chosen = own && !taken.has(key) ? name : nameWithHash(name);
    taken.add(chosen.toLocaleLowerCase('en-US'));
    names.set(name, chosen);
  }
  return names;
}

/** Lower-case letters, digits and dashes of a name, and a hash that tells it from others like it. */
export function nameWithHash(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');
  const hash = crypto
    .createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, HASH_LENGTH);
  return slug ? `${slug}-${hash}` : `model-${hash}`;
}
