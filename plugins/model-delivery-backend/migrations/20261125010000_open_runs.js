// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('run', t => {
    // The provider and, as the entity had it, the pipeline that the run was read from; null for one
    // that was read before this was kept.
    t.string('provider', 63);
    t.text('pipeline');
    // When it was last asked for.
    t.string('looked_at', 30);
    t.index(['entity_ref', 'status'], 'run_status_idx');
  });
  const open = await knex('run')
    .select('entity_ref', 'id', 'data')
    .whereIn('status', ['queued', 'running', 'waiting']);
  for (const { entity_ref, id, data } of open) {
    await knex('run')
      .where({ entity_ref, id })
      .update({ provider: JSON.parse(data).provider });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('run', t => {
    t.dropIndex(['entity_ref', 'status'], 'run_status_idx');
    t.dropColumn('looked_at');
    t.dropColumn('pipeline');
    t.dropColumn('provider');
  });
};
