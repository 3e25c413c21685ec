import type { Stores } from '../database/stores';

const DAY_MS = 86_400_000;
/** Clients do not retry a request for longer. */
const IDEMPOTENCY_DAYS = 2;

/** How many days each kind of history is kept. */
export interface Retention {
  samplesDays: number;
  eventsDays: number;
  runsDays: number;
}

/**
 * Deletes what is older than its retention, in batches, and ends the windows in which denials are counted.
 * Versions, deployments and what was live are kept for ever.
 */
export async function forgetOld(
  stores: Stores,
  retention: Retention,
  now: Date,
): Promise<void> {
  const before = (days: number) =>
    new Date(now.getTime() - days * DAY_MS).toISOString();
  await stores.monitors.forget(before(retention.samplesDays));
  await stores.monitors.forgetEvents(before(retention.eventsDays));
  await stores.runs.forget(before(retention.runsDays));
  await stores.idempotency.forget(before(IDEMPOTENCY_DAYS));
  await stores.denials.endWindows(now.toISOString());
}
