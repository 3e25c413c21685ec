import type {
  FeedbackChange,
  FeedbackSwitch,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

/** The scope of the switch of all models. */
const ALL = '*';

interface Row {
  scope: string;
  by: string;
  reason: string;
  since: string;
}

/** Whether monitors may cause anything. Every switch stays as history. */
export class SwitchStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** What is off for a model; that of all models first. With null, only that of all models. */
  async off(entityRef: string | null): Promise<FeedbackSwitch[]> {
    const rows: Row[] = await this.#knex('feedback_switch').whereIn(
      'scope',
      entityRef === null ? [ALL] : [ALL, entityRef],
    );
    return rows
      .map(({ scope, by, reason, since }) => ({
        scope: scope === ALL ? ('all' as const) : ('model' as const),
        by,
        reason,
        since,
      }))
      .sort((a, b) => (a.scope < b.scope ? -1 : 1));
  }

  /** Who switched feedback of all models, newest first. */
  async changesOfAll(limit: number): Promise<FeedbackChange[]> {
    const rows: { at: string; on: number; by: string; reason: string }[] =
      await this.#knex('feedback_switch_event')
        .select('at', 'on', 'by', 'reason')
        .where('scope', ALL)
        .orderBy('id', 'desc')
        .limit(limit);
    return rows.map(row => ({ ...row, on: Boolean(row.on) }));
  }

  /** @param entityRef - null for all models. Switching what is so already is recorded too. */
  async set(
    entityRef: string | null,
    order: { on: boolean; by: string; reason: string },
    now: string,
  ): Promise<void> {
    const scope = entityRef ?? ALL;
    const { on, by, reason } = order;
    await this.#knex.transaction(async trx => {
      if (on) {
        await trx('feedback_switch').where('scope', scope).delete();
      } else {
        await trx('feedback_switch')
          .insert({ scope, by, reason, since: now })
          .onConflict('scope')
          .merge();
      }
      await trx('feedback_switch_event').insert({
        scope,
        at: now,
        on: on ? 1 : 0,
        by,
        reason,
      });
    });
  }
}
