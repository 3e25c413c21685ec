import type { Knex } from 'knex';

const KINDS = ['versions', 'runs', 'live intervals', 'samples'] as const;
export type Kind = (typeof KINDS)[number];

/** What a portal knows for good, by kind: what each thing is, and what of it never changes again. */
export type Known = Record<Kind, Map<string, string>>;

export async function knownTo(knex: Knex): Promise<Known> {
  const map = <R>(rows: R[], entry: (row: R) => [string, unknown]) =>
    new Map(
      rows.map(row => {
        const [key, value] = entry(row);
        return [key, String(value)];
      }),
    );
  return {
    versions: map(await knex('version'), row => [
      `${row.entity_ref} ${row.version}`,
      JSON.parse(row.data).digest,
    ]),
    // One that goes on may still end anyhow.
    runs: map(await knex('run'), row => [
      `${row.entity_ref} ${row.id}`,
      row.status === 'running' ? '' : row.status,
    ]),
    'live intervals': map(await knex('live_interval'), row => [
      `${row.entity_ref} ${row.deployment_id}`,
      `${row.environment} ${row.version} ${row.from}`,
    ]),
    samples: map(await knex('sample'), row => [
      `${row.entity_ref} ${row.monitor} ${row.at}`,
      row.value,
    ]),
  };
}

/** How much that was known before is not known any more, or is known as something else. */
export function lostBetween(before: Known, after: Known): number {
  let lost = 0;
  for (const kind of KINDS) {
    for (const [key, value] of before[kind]) {
      const now = after[kind].get(key);
      if (now === undefined || (value !== '' && now !== value)) lost += 1;
    }
  }
  return lost;
}

export function countKnown(known: Known): string {
  return KINDS.map(kind => `${known[kind].size} ${kind}`).join(', ');
}
