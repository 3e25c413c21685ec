// @ts-check

/**
 * Deployments and what they made live. An `open_key` is set only while a row is open, which makes
 * "one open per model and environment" a unique index on SQLite and PostgreSQL alike.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
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
    t.string('lease_token', 36);
    t.string('lease_until', 30);
    // When its newest event was.
    t.string('moved_at', 30);
    // What it waits for in the outside system; null while it waits for nothing there.
    t.text('waits_for');
    // When somebody ended it; null once the outside system acknowledged.
    t.string('stop_asked_at', 30);
    t.index(['entity_ref', 'requested_at', 'id'], 'deployment_newest_idx');
    t.index(['state'], 'deployment_state_idx');
    t.index(['stop_asked_at'], 'deployment_stop_idx');
  });

  // Append-only.
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
    'live_interval',
    'deployment_event',
    'deployment',
  ]) {
    await knex.schema.dropTable(table);
  }
};
