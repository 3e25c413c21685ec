import { createHash } from 'node:crypto';
import type { HistoryEntry } from '@slipway/plugin-model-delivery-common/schema';

/** The hash of an entry, which covers its fields and, by the hash of the one before, all earlier ones. */
export function hashOfEntry(
  entityRef: string,
  entry: Omit<HistoryEntry, 'hash'>,
): string {
  const fields = [
    entry.previousHash,
    entityRef,
    entry.seq,
    entry.at,
    entry.by,
    entry.what,
    entry.outcome,
    entry.environment,
    entry.deploymentId,
    entry.from,
    entry.to,
    entry.reason,
    entry.message,
    entry.requestId,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/**
 * Why an entry does not continue a chain, in a sentence.
 *
 * @param before - the entry before; its hash is empty for the first one.
 * @returns undefined where it does.
 */
export function brokenLink(
  entityRef: string,
  before: { seq: number; hash: string },
  entry: HistoryEntry,
): string | undefined {
  if (entry.seq !== before.seq + 1) {
    return `Entry ${before.seq + 1} is missing.`;
  }
  if (entry.previousHash !== before.hash) {
    return `Entry ${entry.seq} does not continue the entry before it: one of the two was replaced.`;
  }
  const { hash, ...fields } = entry;
  return hash === hashOfEntry(entityRef, fields)
    ? undefined
    : `Entry ${entry.seq} was changed: its fields have another hash.`;
}
