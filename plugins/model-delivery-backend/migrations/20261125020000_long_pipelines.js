// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Below which page the runs of a pipeline are still to be read, where a reading was broken off.
  await knex.schema.createTable('run_reading', t => {
    t.string('entity_ref', 255).notNullable();
    // As the entity has it.
    t.text('pipeline').notNullable();
    // Empty for the first page.
    t.text('cursor').notNullable();
    t.primary(['entity_ref', 'pipeline']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('run_reading');
};
