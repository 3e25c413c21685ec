// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Where a model has something live, beside its row of the fleet: what the fleet is filtered by.
  await knex.schema.createTable('model_summary_live', t => {
    t.string('environment', 63).notNullable();
    t.string('entity_ref', 255).notNullable();
    t.primary(['environment', 'entity_ref']);
    t.index(['entity_ref'], 'summary_live_ref_idx');
  });
  // Written with the summaries, which the start makes anew of all that is marked.
  await knex('model').update({ dirty: 1 });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('model_summary_live');
};
