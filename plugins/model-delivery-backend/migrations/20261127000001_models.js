// @ts-check

/**
 * Models as the catalog describes them, and the rows that the fleet and the model page read.
 *
 * In every table of this plugin, times are RFC 3339 text in UTC with milliseconds, so they sort as
 * text on every database, and JSON is text.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('model', t => {
    t.string('entity_ref', 255).primary();
    t.string('kind', 63).notNullable();
    t.string('namespace', 63).notNullable();
    t.string('name', 63).notNullable();
    t.text('spec').notNullable();
    t.string('spec_hash', 64).notNullable();
    t.integer('dirty').notNullable().defaultTo(1);
    t.string('seen_at', 30).notNullable();
    t.string('removed_at', 30);
    // Signals carry this key to every signed-in user, so it must not reveal the model's name.
    t.string('change_key', 36).notNullable();
    t.text('repository');
    t.index(['namespace', 'name'], 'model_name_idx');
    t.index(['dirty'], 'model_dirty_idx');
  });

  // The entity's keys and values, flattened as the catalog flattens them: permission conditions
  // become SQL over this table.
  await knex.schema.createTable('model_entity_search', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('key', 255).notNullable();
    t.string('value', 255);
    t.index(['entity_ref'], 'model_entity_search_ref_idx');
    t.index(['key', 'value'], 'model_entity_search_key_idx');
  });

  await knex.schema.createTable('model_summary', t => {
    t.string('entity_ref', 255).primary();
    t.string('name', 63).notNullable();
    t.string('owner', 255);
    t.string('type', 100).notNullable();
    t.string('lifecycle', 100);
    t.text('search').notNullable();
    t.integer('attention_rank').notNullable();
    t.integer('unhealthy').notNullable();
    t.integer('blocked').notNullable();
    t.integer('drifting').notNullable();
    t.integer('stale').notNullable();
    t.integer('unowned').notNullable();
    t.string('live_since', 30);
    t.string('last_run_at', 30);
    t.string('last_delivery_at', 30);
    t.text('row').notNullable();
    t.text('detail').notNullable();
    t.string('updated_at', 30).notNullable();
    t.index(['attention_rank', 'name', 'entity_ref'], 'summary_attention_idx');
    t.index(['name', 'entity_ref'], 'summary_name_idx');
    t.index(['live_since'], 'summary_live_since_idx');
    t.index(['last_run_at'], 'summary_last_run_idx');
    t.index(['last_delivery_at'], 'summary_last_delivery_idx');
    t.index(['owner'], 'summary_owner_idx');
  });

  // The environments in which a model has a live version, for the fleet's environment filter.
  await knex.schema.createTable('model_summary_live', t => {
    t.string('environment', 63).notNullable();
    t.string('entity_ref', 255).notNullable();
    t.primary(['environment', 'entity_ref']);
    t.index(['entity_ref'], 'summary_live_ref_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'model_summary_live',
    'model_summary',
    'model_entity_search',
    'model',
  ]) {
    await knex.schema.dropTable(table);
  }
};
