// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployment', t => {
    // When its newest event was.
    t.string('moved_at', 30);
    // For what of the outside system it waits; null while it waits for nothing there.
    t.text('waits_for');
    // When somebody ended it; null once the outside system was told.
    t.string('stop_asked_at', 30);
    t.index(['stop_asked_at'], 'deployment_stop_idx');
  });
  await knex('deployment').update({
    moved_at: knex('deployment_event')
      .max('at')
      .whereRaw('?? = ??', ['deployment_event.deployment_id', 'deployment.id']),
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment', t => {
    t.dropIndex(['stop_asked_at'], 'deployment_stop_idx');
    t.dropColumn('stop_asked_at');
    t.dropColumn('waits_for');
    t.dropColumn('moved_at');
  });
};
