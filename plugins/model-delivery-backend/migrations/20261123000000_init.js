// @ts-check

/**
 * Times are RFC 3339 text in UTC with milliseconds, so they sort as text on every database. JSON
 * is text. An `open_key` is set only while a row is open, which makes "one open per model and
 * environment" a unique index on SQLite and PostgreSQL alike.
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
    // Named by signals, which anyone signed in may hear: it tells nothing of the model.
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

  await knex.schema.createTable('run', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('id', 200).notNullable();
    t.string('kind', 20).notNullable();
    t.string('status', 20).notNullable();
    t.string('branch', 255);
    t.string('created_at', 30).notNullable();
    t.text('data').notNullable();
    t.text('jobs');
    t.primary(['entity_ref', 'id']);
    t.index(['entity_ref', 'created_at', 'id'], 'run_newest_idx');
  });

  await knex.schema.createTable('version', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('version', 200).notNullable();
    t.string('status', 20).notNullable();
    t.string('created_at', 30).notNullable();
    t.text('data').notNullable();
    t.primary(['entity_ref', 'version']);
    t.index(['entity_ref', 'created_at', 'version'], 'version_newest_idx');
  });

  // The newest evidence of each kind about a run or a version.
  await knex.schema.createTable('evidence', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('subject_type', 10).notNullable();
    t.string('subject', 200).notNullable();
    t.string('kind', 100).notNullable();
    t.string('at', 30).notNullable();
    t.text('data').notNullable();
    t.primary(['entity_ref', 'subject_type', 'subject', 'kind']);
  });

  await knex.schema.createTable('deployment', t => {
    t.string('id', 36).primary();
    t.string('entity_ref', 255).notNullable();
    t.string('environment', 63).notNullable();
    t.string('version', 200).notNullable();
    t.string('from_version', 200);
    t.string('action', 20).notNullable();
    t.integer('automatic').notNullable();
    t.string('state', 20).notNullable();
    t.text('message').notNullable();
    t.text('reason');
    t.string('requested_by', 255).notNullable();
    t.string('requested_at', 30).notNullable();
    t.string('live_at', 30);
    t.string('finished_at', 30);
    t.string('run_id', 200);
    t.text('gates').notNullable();
    t.string('open_key', 330).unique();
    t.string('marked_at', 30);
    t.string('lease_until', 30);
    t.index(['entity_ref', 'requested_at', 'id'], 'deployment_newest_idx');
    t.index(['state'], 'deployment_state_idx');
  });

  await knex.schema.createTable('deployment_event', t => {
    t.increments('id');
    t.string('deployment_id', 36).notNullable();
    t.string('at', 30).notNullable();
    t.string('state', 20).notNullable();
    t.string('by', 255).notNullable();
    t.text('message').notNullable();
    t.index(['deployment_id', 'id'], 'deployment_event_idx');
  });

  await knex.schema.createTable('live_interval', t => {
    t.increments('id');
    t.string('entity_ref', 255).notNullable();
    t.string('environment', 63).notNullable();
    t.string('version', 200).notNullable();
    t.string('digest', 80);
    t.string('from', 30).notNullable();
    t.string('to', 30);
    t.string('by', 255).notNullable();
    t.integer('automatic').notNullable();
    t.text('reason');
    t.string('deployment_id', 36).notNullable();
    t.string('ended_by', 20);
    t.string('open_key', 330).unique();
    t.index(['entity_ref', 'environment', 'from'], 'live_interval_idx');
  });

  // What an environment's provider said last of the server there.
  await knex.schema.createTable('environment_state', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('environment', 63).notNullable();
    t.text('data').notNullable();
    t.string('at', 30).notNullable();
    t.primary(['entity_ref', 'environment']);
  });

  await knex.schema.createTable('monitor', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('name', 63).notNullable();
    t.text('data').notNullable();
    t.string('at', 30).notNullable();
    t.primary(['entity_ref', 'name']);
  });

  await knex.schema.createTable('sample', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('monitor', 63).notNullable();
    t.string('at', 30).notNullable();
    t.double('value');
    t.text('parts');
    t.primary(['entity_ref', 'monitor', 'at']);
    t.index(['at'], 'sample_at_idx');
  });

  await knex.schema.createTable('source_status', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('source', 100).notNullable();
    t.string('provider', 63).notNullable();
    t.string('capability', 20).notNullable();
    t.string('fetched_at', 30);
    t.text('error');
    t.integer('failures').notNullable().defaultTo(0);
    t.string('due_at', 30).notNullable();
    t.string('lease_until', 30);
    t.primary(['entity_ref', 'source']);
    t.index(['due_at'], 'source_due_idx');
  });

  await knex.schema.createTable('idempotency_key', t => {
    t.string('scope', 300).notNullable();
    t.string('key', 200).notNullable();
    t.text('answer').notNullable();
    t.string('created_at', 30).notNullable();
    t.primary(['scope', 'key']);
    t.index(['created_at'], 'idempotency_created_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'idempotency_key',
    'source_status',
    'sample',
    'monitor',
    'environment_state',
    'live_interval',
    'deployment_event',
    'deployment',
    'evidence',
    'version',
    'run',
    'model_summary',
    'model_entity_search',
    'model',
  ]) {
    await knex.schema.dropTable(table);
  }
};
