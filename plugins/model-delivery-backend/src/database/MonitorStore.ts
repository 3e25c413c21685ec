import {
  type Monitor,
  monitor as monitorSchema,
  type Reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

export interface Sample {
  at: string;
  value: number | null;
  parts: Reading['parts'];
}

/** Monitors with their newest reading, and the samples behind the charts. */
export class MonitorStore {
  constructor(private readonly knex: Knex) {}

  async put(entityRef: string, value: Monitor, now: string): Promise<void> {
    await this.knex.transaction(async trx => {
      await trx('monitor')
        .insert({
          entity_ref: entityRef,
          name: value.name,
          data: JSON.stringify(value),
          at: now,
        })
        .onConflict(['entity_ref', 'name'])
        .merge();
      if (value.reading) {
        await trx('sample')
          .insert({
            entity_ref: entityRef,
            monitor: value.name,
            at: value.reading.at,
            value: value.reading.value,
            parts: value.reading.parts.length
              ? JSON.stringify(value.reading.parts)
              : null,
          })
          .onConflict(['entity_ref', 'monitor', 'at'])
          .merge();
      }
    });
  }

  async all(entityRef: string): Promise<Map<string, Monitor>> {
    const rows: { name: string; data: string }[] = await this.knex(
      'monitor',
    ).where('entity_ref', entityRef);
    return new Map(
      rows.map(r => [r.name, monitorSchema.parse(JSON.parse(r.data))]),
    );
  }

  /**
   * At most about `points` samples, the last one of each slice of the range: bounded however long
   * the range, by one indexed query a slice's worth of rows.
   */
  async samples(
    entityRef: string,
    monitor: string,
    range: { from: string; to: string },
    points: number,
  ): Promise<Sample[]> {
    const inRange = () =>
      this.knex('sample')
        .where({ entity_ref: entityRef, monitor })
        .where('at', '>=', range.from)
        .where('at', '<=', range.to);
    const [{ count }] = await inRange().count({ count: '*' });
    const stride = Math.max(1, Math.ceil(Number(count) / points));
    const rows: { at: string; value: number | null; parts: string | null }[] =
      await this.knex
        .select('at', 'value', 'parts')
        .from(
          inRange()
            .select('at', 'value', 'parts')
            .rowNumber('n', q => q.orderBy('at', 'desc'))
            .as('numbered'),
        )
        .whereRaw('(n - 1) % ? = 0', [stride])
        .orderBy('at')
        .limit(points + 1);
    return rows.map(row => ({
      at: row.at,
      value: row.value,
      parts: row.parts ? JSON.parse(row.parts) : [],
    }));
  }

  /** Forgets samples older than `before`. */
  async forget(before: string): Promise<void> {
    await this.knex('sample').where('at', '<', before).delete();
  }
}
