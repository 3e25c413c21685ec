import type {
  ModelSpec,
  SourceStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Capability, SourceRow } from '../database/SourceStore';

/** After this long without an answer, what is known is old. */
const STALE_AFTER_MS = 5 * 60_000;

export const sourceId = (capability: Capability, provider: string) =>
  `${capability}:${provider}`;

/** Every provider that a model's spec names, once a capability. */
export function declaredSources(
  spec: ModelSpec,
): { source: string; provider: string; capability: Capability }[] {
  const named: [Capability, string[]][] = [
    ['pipelines', spec.pipelines.map(p => p.provider)],
    ['versions', spec.versions ? [spec.versions.provider] : []],
    ['deployments', spec.environments.map(e => e.target.provider)],
    ['monitors', spec.monitors.map(m => m.source.provider)],
  ];
  return named.flatMap(([capability, providers]) =>
    [...new Set(providers)].map(provider => ({
      source: sourceId(capability, provider),
      provider,
      capability,
    })),
  );
}

/** How fresh a source is, told from when it was read last and how that ended. */
export function sourceStatus(
  row: Pick<
    SourceRow,
    'source' | 'provider' | 'capability' | 'fetchedAt' | 'error'
  >,
  title: string,
  now: number,
): SourceStatus {
  const old =
    row.fetchedAt === null || now - Date.parse(row.fetchedAt) > STALE_AFTER_MS;
  const failing = row.error !== null;
  let status: SourceStatus['status'] = 'ok';
  if (failing && row.fetchedAt === null) status = 'failed';
  else if (failing || old) status = 'stale';
  return {
    id: row.source,
    provider: row.provider,
    title,
    capability: row.capability,
    status,
    fetchedAt: row.fetchedAt,
    error: row.error,
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
