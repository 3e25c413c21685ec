// @ts-check
const { randomUUID } = require('node:crypto');

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Append-only: what was registered from the page and taken back, by whom and why.
  await knex.schema.createTable('registered_event', t => {
    t.string('id', 36).primary();
    t.string('entity_ref', 255).notNullable();
    t.string('at', 30).notNullable();
    t.string('what', 20).notNullable();
    t.string('by', 255).notNullable();
    t.text('reason');
    // As it was then.
    t.text('entity').notNullable();
    t.index(['entity_ref', 'at', 'id'], 'registered_event_newest_idx');
    t.index(['what'], 'registered_event_what_idx');
  });
  await knex.schema.alterTable('registered_entity', t => {
    t.index(['at', 'entity_ref'], 'registered_entity_newest_idx');
  });
  const registered = await knex('registered_entity');
  await knex.batchInsert(
    'registered_event',
    registered.map(row => ({ ...row, id: randomUUID(), what: 'registered' })),
    100,
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('registered_entity', t => {
    t.dropIndex(['at', 'entity_ref'], 'registered_entity_newest_idx');
  });
  await knex.schema.dropTable('registered_event');
};
