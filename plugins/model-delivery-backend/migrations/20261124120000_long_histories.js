// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('version', t => {
    // When its evidence was read from its registry; null while that is still to be done.
    t.string('evidence_at', 30);
  });
  await knex('version').update({ evidence_at: knex.ref('created_at') });

  // How far each history was read.
  await knex.schema.createTable('version_reading', t => {
    t.string('entity_ref', 255).primary();
    // The registry's model: of another one the cursor means nothing.
    t.text('target').notNullable();
    // Where to go on, of one that was not read to its end yet; null begins at the top.
    t.text('cursor');
    // When it was read to its end.
    t.string('finished_at', 30);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('version_reading');
  await knex.schema.alterTable('version', t => {
    t.dropColumn('evidence_at');
  });
};
