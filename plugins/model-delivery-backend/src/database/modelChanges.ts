import type { Knex } from 'knex';

/**
 * Records that something about a model changed, in the transaction of the write that changed it. The
 * model's summary is stale from then on until it is built again.
 */
export async function recordModelChange(
  trx: Knex,
  entityRef: string,
): Promise<void> {
  await trx('model')
    .where('entity_ref', entityRef)
    .update({ changes: trx.raw('changes + 1') });
}
