import type {
  Attention,
  ModelSummary,
} from '@slipway/plugin-model-delivery-common/schema';

export const ATTENTIONS: readonly Attention[] = [
  'unhealthy',
  'blocked',
  'drifting',
  'stale',
  'unowned',
];

/** What one model is filtered, searched and sorted by. Empty text stands for "none". */
export type FleetRow = {
  entity_ref: string;
  name: string;
  owner: string;
  type: string;
  lifecycle: string;
  search: string;
  attention_rank: number;
  live_since: string;
  last_run_at: string;
  last_delivery_at: string;
} & Record<Attention, number>;

/** Sources are joined when read: how fresh they are changes by the second. */
export type StoredSummary = Omit<ModelSummary, 'sources'>;

export function fleetRow(summary: StoredSummary): FleetRow {
  const has = (a: Attention) => (summary.attention.includes(a) ? 1 : 0);
  return {
    entity_ref: summary.entityRef,
    name: summary.name,
    owner: summary.owner ?? '',
    type: summary.type,
    lifecycle: summary.lifecycle ?? '',
    search: searchText(summary),
    attention_rank: attentionRank(summary),
    unhealthy: has('unhealthy'),
    blocked: has('blocked'),
    drifting: has('drifting'),
    stale: has('stale'),
    unowned: has('unowned'),
    live_since: summary.environments.at(-1)?.live?.since ?? '',
    last_run_at: summary.latestRun?.createdAt ?? '',
    last_delivery_at: summary.lastDelivery?.requestedAt ?? '',
  };
}

export function searchText(summary: StoredSummary): string {
  return [summary.name, summary.title, summary.owner ?? '', ...summary.tags]
    .join(' ')
    .toLocaleLowerCase('en-US');
}

const GRAM = 3;

/** The pieces of three characters of a text. */
export function gramsOf(text: string): string[] {
  const characters = [...text];
  return [
    ...new Set(
      characters
        .slice(0, Math.max(0, characters.length - GRAM + 1))
        .map((_, index) => characters.slice(index, index + GRAM).join('')),
    ),
  ];
}

/** What a model counts in, as facet and value. */
export function countsOf(
  row: FleetRow,
  environments: string[],
): { facet: string; value: string }[] {
  return [
    { facet: 'all', value: '' },
    { facet: 'owner', value: row.owner },
    { facet: 'type', value: row.type },
    { facet: 'lifecycle', value: row.lifecycle },
    ...ATTENTIONS.filter(a => row[a] === 1).map(a => ({
      facet: 'attention',
      value: a,
    })),
    ...environments.map(value => ({ facet: 'environment', value })),
  ];
}

/** Lower needs attention sooner: critical, blocked, failed, drifting, unknown, stale, the rest. */
function attentionRank(row: StoredSummary): number {
  if (row.attention.includes('unhealthy')) return 0;
  if (row.attention.includes('blocked')) return 1;
  if (
    row.latestRun?.status === 'failed' ||
    row.lastDelivery?.state === 'failed'
  )
    return 2;
  if (row.attention.includes('drifting')) return 3;
  if (row.monitorCounts.unknown > 0) return 4;
  if (row.attention.includes('stale')) return 5;
  return 6;
}
