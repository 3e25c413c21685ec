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
