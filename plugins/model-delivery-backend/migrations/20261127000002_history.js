// @ts-check

/**
 * Runs, versions, their evidence, and what monitors observed.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('run', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('id', 200).notNullable();
    t.string('kind', 20).notNullable();
    t.string('status', 20).notNullable();
    t.string('branch', 255);
    t.string('created_at', 30).notNullable();
    t.text('data').notNullable();
    t.text('jobs');
    // The provider and the pipeline, as the entity declares it, that the run was read from.
    t.string('provider', 63);
    t.text('pipeline');
    // When it was last read by its id.
    t.string('looked_at', 30);
    t.primary(['entity_ref', 'id']);
    t.index(['entity_ref', 'created_at', 'id'], 'run_newest_idx');
    t.index(['entity_ref', 'status'], 'run_status_idx');
    t.index(['created_at'], 'run_created_idx');
  });

  // The page at which reading the runs of a pipeline stopped early, to resume from.
  await knex.schema.createTable('run_reading', t => {
    t.string('entity_ref', 255).notNullable();
    // As the entity declares it.
    t.text('pipeline').notNullable();
    // Empty for the first page.
    t.text('cursor').notNullable();
    t.primary(['entity_ref', 'pipeline']);
  });

  await knex.schema.createTable('version', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('version', 200).notNullable();
    t.string('status', 20).notNullable();
    t.string('created_at', 30).notNullable();
    t.string('committed_at', 30);
    t.text('data').notNullable();
    // When its evidence was read from its registry; null until then.
    t.string('evidence_at', 30);
    t.primary(['entity_ref', 'version']);
    t.index(['entity_ref', 'created_at', 'version'], 'version_newest_idx');
  });

  // How far the versions of each model were read.
  await knex.schema.createTable('version_reading', t => {
    t.string('entity_ref', 255).primary();
    // The registered model; a cursor is valid only for this one.
    t.text('target').notNullable();
    // Where to resume a reading that did not reach the end; null starts at the newest.
    t.text('cursor');
    // When the reading last reached the end.
    t.string('finished_at', 30);
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
    t.index(['subject_type', 'at'], 'evidence_at_idx');
  });

  // The last state that a deployment provider reported for each environment.
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
    // As it was judged when it was read; null where that is not known.
    t.string('state', 20);
    t.primary(['entity_ref', 'monitor', 'at']);
    t.index(['at'], 'sample_at_idx');
  });
  // What feedback rules read: the newest samples that say something.
  await knex.raw(
    'CREATE INDEX sample_judged_idx ON sample (entity_ref, monitor, at) WHERE state IS NOT NULL',
  );

  // Append-only: state changes of monitors and of their alerts.
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
    t.index(['at'], 'monitor_event_at_idx');
  });

  // What was done to a model and what was denied, for ever: rows are only added. Each row has a hash of
  // its fields and of the row before, so that a row that is changed or missing is found.
  await knex.schema.createTable('model_history', t => {
    t.string('entity_ref', 255).notNullable();
    t.integer('seq').notNullable();
    t.string('at', 30).notNullable();
    t.string('by', 255).notNullable();
    t.string('what', 63).notNullable();
    t.string('outcome', 10).notNullable();
    t.string('environment', 63);
    t.string('deployment_id', 100);
    t.text('from');
    t.text('to');
    t.text('reason');
    t.text('message');
    t.string('request_id', 100);
    t.string('previous_hash', 64).notNullable();
    t.string('hash', 64).notNullable();
    t.primary(['entity_ref', 'seq']);
  });

  // Denied requests of one person at one model within an hour; the history lists the first ones.
  await knex.schema.createTable('denial_window', t => {
    t.string('entity_ref', 255).notNullable();
    t.string('by', 255).notNullable();
    t.string('since', 30).notNullable();
    t.integer('denied').notNullable();
    t.primary(['entity_ref', 'by']);
    t.index(['since'], 'denial_window_since_idx');
  });

  // The last verification of each chain. `known_…` is the furthest entry that ever verified: a chain that
  // was written anew from the start does not contain it.
  await knex.schema.createTable('model_history_check', t => {
    t.string('entity_ref', 255).primary();
    t.string('at', 30).notNullable();
    t.integer('entries').notNullable();
    t.integer('problem_seq');
    t.text('problem');
    t.integer('known_seq').notNullable();
    t.string('known_hash', 64).notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'denial_window',
    'model_history_check',
    'model_history',
    'monitor_event',
    'sample',
    'monitor',
    'environment_state',
    'evidence',
    'version_reading',
    'version',
    'run_reading',
    'run',
  ]) {
    await knex.schema.dropTable(table);
  }
};
