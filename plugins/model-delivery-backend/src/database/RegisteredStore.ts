import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { newestFirst } from './newestFirst';

/** An entity that a person registered, as it was put. */
export interface Registered {
  entityRef: string;
  entity: unknown;
  by: string;
  at: string;
}

/** Who unregistered it, when and why. */
export interface TakenBack {
  entityRef: string;
  by: string;
  at: string;
  reason: string;
}

const TAKEN_BACK = 'unregistered';

type Row = { entity_ref: string; entity: string; by: string; at: string };
type EventRow = Row & { id: string; what: string; reason: string | null };

/** Entities that people registered from the pages, until a file declares them. */
export class RegisteredStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async put(
    entityRef: string,
    entity: object,
    by: string,
    now: string,
  ): Promise<void> {
    const row: Row = {
      entity_ref: entityRef,
      entity: JSON.stringify(entity),
      by,
      at: now,
    };
    await this.#knex.transaction(async trx => {
      await trx('registered_entity')
        .insert(row)
        .onConflict('entity_ref')
        .merge();
      await trx('registered_event').insert({
        ...row,
        id: randomUUID(),
        what: 'registered',
      });
    });
  }

  /** Undefined where there is none, or another request was first. */
  async unregister(
    entityRef: string,
    { by, reason }: { by: string; reason: string },
    now: string,
  ): Promise<TakenBack | undefined> {
    return this.#knex.transaction(async trx => {
      const row: Row | undefined = await trx('registered_entity')
        .where('entity_ref', entityRef)
        .first();
      // Of two at once, the one that deletes it writes the history.
      const deleted = await trx('registered_entity')
        .where('entity_ref', entityRef)
        .delete();
      if (!row || deleted === 0) return undefined;
      await trx('registered_event').insert({
        id: randomUUID(),
        entity_ref: entityRef,
        at: now,
        what: TAKEN_BACK,
        by,
        reason,
        entity: row.entity,
      });
      return { entityRef, by, at: now, reason };
    });
  }

  /** How it was unregistered last. */
  async unregistered(entityRef: string): Promise<TakenBack | undefined> {
    const { rows } = await newestFirst<EventRow>(
      this.#knex('registered_event').where({
        entity_ref: entityRef,
        what: TAKEN_BACK,
      }),
      { at: 'at', id: 'id' },
      { limit: 1 },
    );
    const [last] = rows;
    return (
      last && {
        entityRef,
        by: last.by,
        at: last.at,
        reason: last.reason ?? '',
      }
    );
  }

  async get(entityRef: string): Promise<Registered | undefined> {
    const row: Row | undefined = await this.#knex('registered_entity')
      .where('entity_ref', entityRef)
      .first();
    return row && fromRow(row);
  }

  /** Newest first. */
  async list(page: {
    cursor?: string;
    limit: number;
  }): Promise<{ items: Registered[]; nextCursor?: string }> {
    const { rows, nextCursor } = await newestFirst<Row>(
      this.#knex('registered_entity'),
      { at: 'at', id: 'entity_ref' },
      page,
    );
    return { items: rows.map(fromRow), nextCursor };
  }

  /** As they were put, by entity ref. */
  async all(): Promise<unknown[]> {
    const rows: Row[] =
      await this.#knex('registered_entity').orderBy('entity_ref');
    return rows.map(row => JSON.parse(row.entity));
  }

  /** Those unregistered and not registered again, with when that was last. */
  async allUnregistered(): Promise<{ entityRef: string; at: string }[]> {
    const rows = await this.#knex('registered_event')
      .select('entity_ref')
      .max('at as last')
      .where('what', TAKEN_BACK)
      .whereNotIn(
        'entity_ref',
        this.#knex('registered_entity').select('entity_ref'),
      )
      .groupBy('entity_ref')
      .orderBy('entity_ref');
    return rows.map(row => ({ entityRef: row.entity_ref, at: row.last }));
  }
}

function fromRow(row: Row): Registered {
  return {
    entityRef: row.entity_ref,
    entity: JSON.parse(row.entity),
    by: row.by,
    at: row.at,
  };
}
