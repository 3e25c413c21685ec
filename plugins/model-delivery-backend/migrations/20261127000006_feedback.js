// @ts-check

/**
 * Incidents: monitors that broke a feedback rule, and what followed. A `…_key` column is set only
 * while it counts, which makes "one at a time" a unique index on SQLite and PostgreSQL alike.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('incident', t => {
    t.string('id', 36).primary();
    t.string('entity_ref', 255).notNullable();
    // The rule: its monitor, state and action. Its incidents are numbered, so that one who read an
    // older one cannot open the next.
    t.string('rule_key', 150).notNullable();
    t.integer('number').notNullable();
    t.string('monitor', 63).notNullable();
    t.string('environment', 63).notNullable();
    t.text('when').notNullable();
    t.string('then', 20).notNullable();
    t.string('phase', 20).notNullable();
    t.text('message').notNullable();
    t.string('opened_at', 30).notNullable();
    t.string('closed_at', 30);
    t.string('cause', 20);
    // Live when it opened.
    t.string('version', 200);
    t.string('run_id', 200);
    t.string('candidate', 200);
    t.string('deployment_id', 36);
    // When it last moved to another phase, and when its action began.
    t.string('moved_at', 30).notNullable();
    t.string('acted_at', 30);
    // When it began a training, which counts in the day's budget.
    t.string('retrained_at', 30);
    // One open incident per rule, and one open training per model.
    t.string('open_key', 410).unique();
    t.string('retrain_key', 255).unique();
    t.string('due_at', 30);
    t.string('lease_token', 36);
    t.string('lease_until', 30);
    t.integer('revision').notNullable().defaultTo(0);
    t.unique(['entity_ref', 'rule_key', 'number'], {
      indexName: 'incident_number_idx',
    });
    t.index(['entity_ref', 'opened_at', 'id'], 'incident_newest_idx');
  });
  await knex.raw(
    'CREATE INDEX incident_due_idx ON incident (due_at) WHERE due_at IS NOT NULL',
  );
  await knex.raw(
    'CREATE INDEX incident_open_idx ON incident (entity_ref) WHERE open_key IS NOT NULL',
  );
  await knex.raw(
    'CREATE INDEX incident_retrained_idx ON incident (entity_ref, retrained_at) WHERE retrained_at IS NOT NULL',
  );

  // The threads. Append-only.
  await knex.schema.createTable('incident_event', t => {
    t.increments('id');
    t.string('incident_id', 36).notNullable();
    t.string('at', 30).notNullable();
    t.string('type', 20).notNullable();
    t.string('by', 255).notNullable();
    t.text('message').notNullable();
    t.text('samples');
    t.string('run_id', 200);
    t.string('version', 200);
    t.string('deployment_id', 36);
    t.index(['incident_id', 'id'], 'incident_event_idx');
  });

  // Where feedback is off: of a model, or of all under the scope `*`.
  await knex.schema.createTable('feedback_switch', t => {
    t.string('scope', 255).primary();
    t.string('by', 255).notNullable();
    t.text('reason').notNullable();
    t.string('since', 30).notNullable();
  });

  // Who switched feedback off and on. Append-only.
  await knex.schema.createTable('feedback_switch_event', t => {
    t.increments('id');
    t.string('scope', 255).notNullable();
    t.string('at', 30).notNullable();
    t.integer('on').notNullable();
    t.string('by', 255).notNullable();
    t.text('reason').notNullable();
    t.index(['scope', 'id'], 'feedback_switch_event_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'feedback_switch_event',
    'feedback_switch',
    'incident_event',
    'incident',
  ]) {
    await knex.schema.dropTable(table);
  }
};
