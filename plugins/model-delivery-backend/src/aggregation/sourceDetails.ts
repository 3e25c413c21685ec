import type { SourceDetail } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderIdentity } from '@slipway/plugin-model-delivery-node';
import type { Capability, ProviderRow } from '../database/SourceStore';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { sourceStatus } from './freshness';

const CAPABILITIES: Capability[] = [
  'pipelines',
  'versions',
  'deployments',
  'monitors',
];

const byProviderThenCapability = (a: SourceDetail, b: SourceDetail) =>
  a.provider.localeCompare(b.provider) ||
  CAPABILITIES.indexOf(a.capability) - CAPABILITIES.indexOf(b.capability);

const isOf = (capability: Capability, id: string) => (row: ProviderRow) =>
  row.capability === capability && row.provider === id;

/** Every provider that is installed or that an entity names, once a capability. */
export function sourceDetails(
  rows: ProviderRow[],
  registry: ProviderRegistry,
  now: number,
): SourceDetail[] {
  const named = rows.map(row =>
    detailOf(row, registry.find(row.capability, row.provider), now),
  );
  const unnamed = CAPABILITIES.flatMap(capability =>
    registry
      .all(capability)
      .filter(({ id }) => !rows.some(isOf(capability, id)))
      .map(provider => unusedDetail(capability, provider)),
  );
  return [...named, ...unnamed].sort(byProviderThenCapability);
}

function detailOf(
  row: ProviderRow,
  provider: ProviderIdentity | undefined,
  now: number,
): SourceDetail {
  return {
    ...sourceStatus(
      { ...row, dueAt: row.nextDueAt },
      provider?.title ?? row.provider,
      now,
    ),
    models: row.models,
    due: row.due,
    failing: row.failing,
    nextDueAt: row.nextDueAt,
    ...abilities(provider),
  };
}

/** Installed, and no model names it yet. */
function unusedDetail(
  capability: Capability,
  provider: ProviderIdentity,
): SourceDetail {
  return {
    id: `${capability}:${provider.id}`,
    provider: provider.id,
    title: provider.title,
    capability,
    status: 'not-configured',
    fetchedAt: null,
    error: null,
    models: 0,
    due: 0,
    failing: 0,
    nextDueAt: null,
    ...abilities(provider),
  };
}

function abilities(provider: ProviderIdentity | undefined) {
  return {
    installed: provider !== undefined,
    host: provider?.host ?? null,
    budget: provider?.budget?.() ?? null,
    testable: provider?.test !== undefined,
    offersCandidates: provider?.candidates !== undefined,
  };
}
