import type { Knex } from 'knex';

/** Entities that people registered from the pages, until a file declares them. */
export class RegisteredStore {
  constructor(private readonly knex: Knex) {}

  async put(
    entityRef: string,
    entity: object,
    by: string,
    now: string,
  ): Promise<void> {
    await this.knex('registered_entity')
      .insert({
        entity_ref: entityRef,
        entity: JSON.stringify(entity),
        by,
        at: now,
      })
      .onConflict('entity_ref')
      .merge();
  }

  /** As they were put, by entity ref. */
  async all(): Promise<unknown[]> {
    const rows: { entity: string }[] =
      await this.knex('registered_entity').orderBy('entity_ref');
    return rows.map(row => JSON.parse(row.entity));
  }
}
