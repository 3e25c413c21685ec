import { randomUUID } from 'node:crypto';
import {
  type JudgedSample,
  type Monitor,
  type MonitorEvent,
  type MonitorState,
  monitor as monitorSchema,
  type Reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { deleteOld } from './deleteOld';
import { recordModelChange } from './modelChanges';
import { newestFirst } from './newestFirst';

export interface Sample {
  at: string;
  value: number | null;
  parts: Reading['parts'];
}

type EventRow = MonitorEvent & { entity_ref: string };

/** A statement takes a limited number of values. */
const ROWS_AT_ONCE = 100;

/** States that say nothing about what is watched. */
const UNKNOWN: readonly MonitorState[] = ['insufficient', 'unknown'];

const toRow = (
  entityRef: string,
  monitor: string,
  sample: Sample,
  state: MonitorState = 'unknown',
) => ({
  entity_ref: entityRef,
  monitor,
  at: sample.at,
  value: sample.value,
  parts: sample.parts.length ? JSON.stringify(sample.parts) : null,
  state: UNKNOWN.includes(state) ? null : state,
});

/** Monitors with their newest reading, and the samples behind the charts. */
export class MonitorStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Writes a monitor with its newest reading, and what changed about it, all or nothing. */
  async put(
    entityRef: string,
    value: Monitor,
    now: string,
    events: Omit<MonitorEvent, 'id'>[] = [],
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      if (events.length > 0) {
        await trx('monitor_event').insert(
          events.map(event => ({
            ...event,
            id: randomUUID(),
            entity_ref: entityRef,
          })),
        );
      }
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
          .insert(toRow(entityRef, value.name, value.reading, value.state))
          .onConflict(['entity_ref', 'monitor', 'at'])
          .merge();
      }
      await recordModelChange(trx, entityRef);
    });
  }

  /** When a monitor was read last, if ever. */
  async lastSampleAt(
    entityRef: string,
    monitor: string,
  ): Promise<string | undefined> {
    const row = await this.#knex('sample')
      .where({ entity_ref: entityRef, monitor })
      .max({ at: 'at' })
      .first();
    return row?.at ?? undefined;
  }

  /** Fills in the past; what is known already stays as it is. */
  async putPast(
    entityRef: string,
    monitor: string,
    samples: Sample[],
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      for (let i = 0; i < samples.length; i += ROWS_AT_ONCE) {
        await trx('sample')
          .insert(
            samples
              .slice(i, i + ROWS_AT_ONCE)
              .map(sample => toRow(entityRef, monitor, sample)),
          )
          .onConflict(['entity_ref', 'monitor', 'at'])
          .ignore();
      }
    });
  }

  /** What changed about monitors, newest first. */
  async events(
    entityRef: string,
    filter: { environment?: string; kind?: MonitorEvent['kind'] },
    page: { cursor?: string; limit: number },
  ): Promise<MonitorEvent[]> {
    const query = this.#knex('monitor_event')
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.environment) q.where('environment', filter.environment);
        if (filter.kind) q.where('kind', filter.kind);
      });
    const { rows } = await newestFirst<EventRow>(
      query,
      { at: 'at', id: 'id' },
      page,
    );
    return rows.map(({ entity_ref: _, ...event }) => event);
  }

  async all(entityRef: string): Promise<Map<string, Monitor>> {
    const rows: { name: string; data: string }[] = await this.#knex(
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
      this.#knex('sample')
        .where({ entity_ref: entityRef, monitor })
        .where('at', '>=', range.from)
        .where('at', '<=', range.to);
    const [{ count }] = await inRange().count({ count: '*' });
    const stride = Math.max(1, Math.ceil(Number(count) / points));
    const rows: { at: string; value: number | null; parts: string | null }[] =
      await this.#knex
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

  /**
   * The newest samples after a moment of which the state is known, oldest first. What was read
   * afterwards, for a gap, was never judged and is left out.
   */
  async judged(
    entityRef: string,
    monitor: string,
    after: string,
    limit: number,
  ): Promise<JudgedSample[]> {
    const rows: JudgedSample[] = await this.#knex('sample')
      .select('at', 'value', 'state')
      .where({ entity_ref: entityRef, monitor })
      .where('at', '>', after)
      .whereNotNull('state')
      .orderBy('at', 'desc')
      .limit(limit);
    return rows.reverse();
  }

  /** Forgets samples older than `before`. */
  async forget(before: string): Promise<void> {
    await deleteOld(this.#knex, 'sample', ['entity_ref', 'monitor', 'at'], q =>
      q.where('at', '<', before),
    );
  }

  /** Forgets changes of monitors and alerts older than `before`. */
  async forgetEvents(before: string): Promise<void> {
    await deleteOld(this.#knex, 'monitor_event', ['id'], q =>
      q.where('at', '<', before),
    );
  }
}
