import type { Knex } from 'knex';

/** One item that a source lists, such as a run, and why it could not be loaded. */
export interface UnreadItem {
  item: string;
  problem: string;
}

/** What sources list and what could not be loaded. */
export class UnreadStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Those asked for longest ago first. */
  async list(entityRef: string, source: string): Promise<UnreadItem[]> {
    return this.#knex('unread_item')
      .select('item', 'problem')
      .where({ entity_ref: entityRef, source })
      .orderBy(['at', 'item']);
  }

  async put(
    entityRef: string,
    source: string,
    { item, problem }: UnreadItem,
    now: string,
  ): Promise<void> {
    await this.#knex('unread_item')
      .insert({ entity_ref: entityRef, source, item, problem, at: now })
      .onConflict(['entity_ref', 'source', 'item'])
      .merge();
  }

  async remove(entityRef: string, source: string, item: string): Promise<void> {
    await this.#knex('unread_item')
      .where({ entity_ref: entityRef, source, item })
      .delete();
  }
}
