import type { SourceStatus } from '@slipway/plugin-model-delivery-common/schema';
import type { Capability, SourceRow } from '../database/SourceStore';

/** After this long beyond its time, what is known is old. */
const STALE_AFTER_MS = 5 * 60_000;

/** How fresh a source is, told from when it was read last and how that ended. */
export function sourceStatus(
  row: Pick<
    SourceRow,
    'source' | 'provider' | 'capability' | 'fetchedAt' | 'dueAt' | 'error'
  >,
  title: string,
  now: number,
): SourceStatus {
  const old =
    row.fetchedAt === null || now - Date.parse(row.dueAt) > STALE_AFTER_MS;
  const failing = row.error !== null && !row.error.partial;
  let status: SourceStatus['status'] = 'ok';
  if (failing && row.fetchedAt === null) status = 'failed';
  else if (failing || old) status = 'stale';
  else if (row.error) status = 'partial';
  return {
    id: row.source,
    provider: row.provider,
    title,
    capability: row.capability,
    status,
    fetchedAt: row.fetchedAt,
    error: row.error && {
      kind: row.error.kind,
      message: row.error.message,
      at: row.error.at,
    },
  };
}

const CAPABILITIES: Capability[] = [
  'pipelines',
  'versions',
  'deployments',
  'monitors',
];

/** The capabilities that nobody asked for in this model's entity. */
export function notConfigured(
  rows: { capability: Capability }[],
): SourceStatus[] {
  return CAPABILITIES.filter(c => !rows.some(r => r.capability === c)).map(
    capability => ({
      id: capability,
      provider: '',
      title: capability,
      capability,
      status: 'not-configured',
      fetchedAt: null,
      error: null,
    }),
  );
}
