// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('source_status', t => {
    t.string('failed_at', 30);
  });

  // What a model's sources are about in the outside systems, which do not know the catalog's names.
  await knex.schema.createTable('source_subject', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('provider', 63).notNullable();
    t.string('capability', 20).notNullable();
    t.string('subject', 500).notNullable();
    t.primary(['entity_ref', 'source', 'subject']);
    t.index(['subject', 'provider', 'capability'], 'source_subject_idx');
  });

  // Append-only: how monitors and their alerts changed.
  await knex.schema.createTable('monitor_event', t => {
    t.string('id', 36).primary();
    t.string('entity_ref', 255).notNullable();
    t.string('at', 30).notNullable();
    t.string('monitor', 63).notNullable();
    t.string('environment', 63).notNullable();
    t.string('kind', 10).notNullable();
    t.string('alert', 255);
    t.string('from', 20);
    t.string('to', 20).notNullable();
    t.text('reason').notNullable();
    t.index(['entity_ref', 'at', 'id'], 'monitor_event_newest_idx');
  });

  // Entities that people registered from the pages: discovery tells the catalog of them.
  await knex.schema.createTable('registered_entity', t => {
    t.string('entity_ref', 255).primary();
    t.text('entity').notNullable();
    t.string('by', 255).notNullable();
    t.string('at', 30).notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'registered_entity',
    'monitor_event',
    'source_subject',
  ]) {
    await knex.schema.dropTable(table);
  }
  await knex.schema.alterTable('source_status', t => {
    t.dropColumn('failed_at');
  });
};
