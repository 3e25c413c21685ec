import type { EnvironmentHold } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { environmentKey } from './deploymentRows';
import { appendHistory } from './HistoryStore';
import { recordModelChange } from './modelChanges';

interface Row {
  entity_ref: string;
  environment: string;
  version: string | null;
  by: string;
  reason: string;
  since: string;
}

/** Environments in which automatic delivery is on hold. Lifted holds stay as history. */
export class HoldStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** By environment. */
  async current(entityRef: string): Promise<Map<string, EnvironmentHold>> {
    const rows: Row[] = await this.#knex('environment_hold')
      .where('entity_ref', entityRef)
      .whereNotNull('open_key');
    return new Map(
      rows.map(({ environment, version, by, reason, since }) => [
        environment,
        { version, by, reason, since },
      ]),
    );
  }

  /** @returns whether there was a hold to lift. */
  async lift(
    of: { entityRef: string; environment: string },
    order: { by: string; reason: string },
    now: string,
  ): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const lifted = await trx('environment_hold')
        .where('open_key', environmentKey(of))
        .update({
          open_key: null,
          lifted_at: now,
          lifted_by: order.by,
          lift_reason: order.reason,
        });
      if (lifted === 0) return false;
      await recordModelChange(trx, of.entityRef);
      await appendHistory(trx, of.entityRef, {
        at: now,
        by: order.by,
        what: 'hold lifted',
        outcome: 'done',
        environment: of.environment,
        deploymentId: null,
        from: null,
        to: null,
        reason: order.reason,
        message: null,
      });
      return true;
    });
  }
}

/** Places a hold, in the transaction of the roll back that causes it; one that stands is kept. */
export async function insertHold(
  trx: Knex.Transaction,
  hold: EnvironmentHold & { entityRef: string; environment: string },
): Promise<void> {
  const { entityRef, environment, ...row } = hold;
  await trx('environment_hold')
    .insert({
      ...row,
      entity_ref: entityRef,
      environment,
      open_key: environmentKey(hold),
    })
    .onConflict('open_key')
    .ignore();
}
