// @ts-check

/**
 * Models that people registered from the pages.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // The entities that discovery hands to the catalog.
  await knex.schema.createTable('registered_entity', t => {
    t.string('entity_ref', 255).primary();
    t.text('entity').notNullable();
    t.string('by', 255).notNullable();
    t.string('at', 30).notNullable();
    t.index(['at', 'entity_ref'], 'registered_entity_newest_idx');
  });

  // Append-only: who registered and unregistered what, and why.
  await knex.schema.createTable('registered_event', t => {
    t.string('id', 36).primary();
    t.string('entity_ref', 255).notNullable();
    t.string('at', 30).notNullable();
    t.string('what', 20).notNullable();
    t.string('by', 255).notNullable();
    t.text('reason');
    // As it was at that time.
    t.text('entity').notNullable();
    t.index(['entity_ref', 'at', 'id'], 'registered_event_newest_idx');
    t.index(['what'], 'registered_event_what_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of ['registered_event', 'registered_entity']) {
    await knex.schema.dropTable(table);
  }
};
