// @ts-check

const SORTED = [
  'attention_rank',
  'name',
  'live_since',
  'last_run_at',
  'last_delivery_at',
];
const FLAGS = ['unhealthy', 'blocked', 'drifting', 'stale', 'unowned'];

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
    // Why the entity is invalid now, where the spec is the last valid one.
    t.text('problem');
    // Raised in the transaction of every write that the summary is made of, and what the stored
    // summary was made from.
    t.integer('changes').notNullable().defaultTo(1);
    t.integer('summarised').notNullable().defaultTo(0);
    // When the summary is outdated although no fact changed, such as at the end of a freeze; null
    // where time alone changes nothing.
    t.string('due_at', 30);
    t.string('seen_at', 30).notNullable();
    t.string('removed_at', 30);
    // Signals carry this key to every signed-in user, so it must not reveal the model's name.
    t.string('change_key', 36).notNullable();
    t.text('repository');
    // The end of the model's chain in `model_history`, which every append locks and moves.
    t.integer('history_seq').notNullable().defaultTo(0);
    t.string('history_hash', 64).notNullable().defaultTo('');
    t.index(['namespace', 'name'], 'model_name_idx');
  });
  await knex.raw(
    'CREATE INDEX model_stale_summary_idx ON model (entity_ref) WHERE summarised < changes',
  );
  await knex.raw(
    'CREATE INDEX model_due_idx ON model (due_at) WHERE due_at IS NOT NULL',
  );

  // The entity's keys and values, flattened as the catalog flattens them: permission conditions
  // become SQL over this table.
  await knex.schema.createTable('model_entity_search', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('key', 255).notNullable();
    t.string('value', 255);
    t.index(['entity_ref', 'key', 'value'], 'model_entity_search_ref_idx');
    t.index(['key', 'value', 'entity_ref'], 'model_entity_search_key_idx');
  });

  // What the fleet is filtered, searched and sorted by. Narrow, so that its indexes are all that a
  // page reads before it knows which models it shows. Empty text stands for "none".
  await knex.schema.createTable('model_summary', t => {
    t.string('entity_ref', 255).primary();
    t.string('name', 63).notNullable();
    t.string('owner', 255).notNullable();
    t.string('type', 100).notNullable();
    t.string('lifecycle', 100).notNullable();
    t.text('search').notNullable();
    t.integer('attention_rank').notNullable();
    t.integer('unhealthy').notNullable();
    t.integer('blocked').notNullable();
    t.integer('drifting').notNullable();
    t.integer('stale').notNullable();
    t.integer('unowned').notNullable();
    t.string('live_since', 30).notNullable();
    t.string('last_run_at', 30).notNullable();
    t.string('last_delivery_at', 30).notNullable();
  });
  // Each sort order alone, and within an owner.
  for (const column of SORTED) {
    await knex.schema.alterTable('model_summary', t => {
      t.index([column, 'entity_ref'], `summary_${column}_idx`);
      t.index(['owner', column, 'entity_ref'], `summary_owner_${column}_idx`);
    });
  }
  // Few models need attention, whatever the size of the fleet.
  for (const flag of FLAGS) {
    for (const column of SORTED) {
      await knex.raw(
        `CREATE INDEX summary_${flag}_${column}_idx ON model_summary (${column}, entity_ref) WHERE ${flag} = 1`,
      );
    }
  }

  // What the fleet and the model page show, apart from what they are chosen by.
  await knex.schema.createTable('model_document', t => {
    t.string('entity_ref', 255).primary();
    t.text('row').notNullable();
    t.text('detail').notNullable();
  });

  // The search text in pieces of three characters, so that a search reads the models that have its
  // rarest piece and no other.
  await knex.schema.createTable('model_search', t => {
    t.string('gram', 3).notNullable();
    t.string('entity_ref', 255).notNullable();
    t.primary(['gram', 'entity_ref']);
    t.index(['entity_ref'], 'model_search_ref_idx');
  });

  // How many models there are of each kind, counted when a summary is written.
  await knex.schema.createTable('fleet_count', t => {
    t.string('facet', 20).notNullable();
    t.string('value', 255).notNullable();
    t.integer('n').notNullable();
    t.primary(['facet', 'value']);
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
    'fleet_count',
    'model_search',
    'model_document',
    'model_summary_live',
    'model_summary',
    'model_entity_search',
    'model',
  ]) {
    await knex.schema.dropTable(table);
  }
};
