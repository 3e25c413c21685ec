// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // What a source lists and what of it could not be read, so that it is asked for again and not
  // forgotten behind what is newer.
  await knex.schema.createTable('unread_item', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('item', 200).notNullable();
    t.text('problem').notNullable();
    // When it was last asked for.
    t.string('at', 30).notNullable();
    t.primary(['entity_ref', 'source', 'item']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('unread_item');
};
