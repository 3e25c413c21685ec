// @ts-check

/**
 * What is read from outside systems, and how fresh it is.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // One row per provider, capability and model.
  await knex.schema.createTable('source_status', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('provider', 63).notNullable();
    t.string('capability', 20).notNullable();
    t.string('fetched_at', 30);
    t.text('error');
    t.integer('failures').notNullable().defaultTo(0);
    t.string('failed_at', 30);
    t.string('due_at', 30).notNullable();
    t.string('lease_token', 36);
    t.string('lease_until', 30);
    t.primary(['entity_ref', 'source']);
    t.index(['due_at'], 'source_due_idx');
  });

  // What a source is about in the outside system, which does not know catalog names.
  await knex.schema.createTable('source_subject', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('provider', 63).notNullable();
    t.string('capability', 20).notNullable();
    t.string('subject', 500).notNullable();
    t.primary(['entity_ref', 'source', 'subject']);
    t.index(['subject', 'provider', 'capability'], 'source_subject_idx');
  });

  // Items that a source lists and that could not be read; they are requested again.
  await knex.schema.createTable('unread_item', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('item', 200).notNullable();
    t.text('problem').notNullable();
    // When it was last requested.
    t.string('at', 30).notNullable();
    t.primary(['entity_ref', 'source', 'item']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of ['unread_item', 'source_subject', 'source_status']) {
    await knex.schema.dropTable(table);
  }
};
