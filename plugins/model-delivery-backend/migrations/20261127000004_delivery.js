// @ts-check

/**
 * Deployments, their effects, and what they made live. An `open_…` column is set only while a row is
 * open, which makes "one open at a time" a unique index on SQLite and PostgreSQL alike.
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
    // 1 where a person requested it although its gates did not pass.
    t.integer('overridden').notNullable();
    t.string('state', 20).notNullable();
    // How a deployment in `cancelling` ends.
    t.string('ends_as', 20);
    t.text('message').notNullable();
    t.text('reason');
    t.string('requested_by', 255).notNullable();
    t.string('requested_at', 30).notNullable();
    // The request that created it, by its scoped idempotency key.
    t.string('request_key', 64).notNullable().unique();
    // What automatic delivery judged: the evidence, the policy and the live version.
    t.string('fingerprint', 64);
    // When an attempt to send the order to the provider first began.
    t.string('dispatched_at', 30);
    t.string('live_at', 30);
    t.string('finished_at', 30);
    // When its state, message or transfer last changed.
    t.string('moved_at', 30).notNullable();
    t.string('build_run_id', 200);
    t.string('deploy_run_id', 200);
    t.text('gates').notNullable();
    t.string('provider', 63).notNullable();
    // The target as the entity declared it at the time of the request, and its canonical key.
    t.text('target').notNullable();
    t.string('target_key', 500).notNullable();
    // What it waits for in the outside system; null while it waits for nothing there.
    t.text('waits_for');
    t.text('transfer');
    // An effect that keeps failing.
    t.text('problem');
    // The steps in which the traffic shifts; null where it shifts at once.
    t.text('rollout');
    // Set while it is open: one open deployment per environment, and one per physical target.
    t.string('open_key', 330).unique();
    t.string('open_target', 500).unique();
    // What holds it back while it waits; one that waits per environment.
    t.text('waits');
    t.string('waiting_key', 330).unique();
    t.string('waiting_target', 500);
    // What is to be approved: the version's digest, and a hash of its gate results.
    t.string('digest', 80);
    t.string('gate_hash', 64);
    t.string('expires_at', 30);
    // Who wrote the commits since the live version, where that matters.
    t.text('authors');
    // Raised by every write, so that a writer knows whether it saw the newest row.
    t.integer('revision').notNullable().defaultTo(0);
    // When there is something to do next; null when there is nothing.
    t.string('due_at', 30);
    t.string('lease_token', 36);
    t.string('lease_until', 30);
    t.index(
      ['entity_ref', 'version', 'environment'],
      'deployment_of_version_idx',
    );
  });
  // The events of a model show when a deployment went live or ended, and are sorted by that.
  await knex.raw(
    'CREATE INDEX deployment_newest_idx ON deployment (entity_ref, COALESCE(live_at, finished_at, requested_at), id)',
  );
  // Few deployments are ever due at a time, however long the history.
  await knex.raw(
    'CREATE INDEX deployment_due_idx ON deployment (due_at) WHERE due_at IS NOT NULL',
  );

  // What waits is found by its model, or by its target when that is free again.
  await knex.raw(
    'CREATE INDEX deployment_waiting_idx ON deployment (entity_ref) WHERE waiting_key IS NOT NULL',
  );
  await knex.raw(
    'CREATE INDEX deployment_waiting_target_idx ON deployment (waiting_target) WHERE waiting_target IS NOT NULL',
  );

  // Decisions of people on deployments that wait. Append-only: one that no longer counts lapses.
  // `open_key` is set while it counts: one per person and deployment.
  await knex.schema.createTable('deployment_approval', t => {
    t.increments('id');
    t.string('deployment_id', 36).notNullable();
    t.string('by', 255).notNullable();
    t.string('decision', 10).notNullable();
    t.text('reason');
    t.string('at', 30).notNullable();
    t.string('digest', 80);
    t.string('gate_hash', 64).notNullable();
    t.string('lapsed_at', 30);
    t.text('lapsed_why');
    t.string('open_key', 300).unique();
    t.index(['deployment_id', 'id'], 'deployment_approval_idx');
  });

  // Whom a deployment that waits asks. A row ends with the wait, so the table stays small.
  await knex.schema.createTable('deployment_reviewer', t => {
    t.string('deployment_id', 36).notNullable();
    t.string('reviewer', 255).notNullable();
    t.string('requested_at', 30).notNullable();
    t.primary(['deployment_id', 'reviewer']);
    t.index(
      ['reviewer', 'requested_at', 'deployment_id'],
      'deployment_reviewer_idx',
    );
  });

  // Who was notified of which state, and when. Append-only.
  await knex.schema.createTable('deployment_notice', t => {
    t.increments('id');
    t.string('deployment_id', 36).notNullable();
    t.string('state', 20).notNullable();
    t.text('recipients').notNullable();
    t.string('at', 30).notNullable();
    t.text('problem');
    t.index(['deployment_id', 'id'], 'deployment_notice_idx');
  });

  // The outbox: what transitions cause outside. A row is written in the transaction of its
  // transition and stays as history once it is settled.
  await knex.schema.createTable('deployment_effect', t => {
    t.increments('id');
    t.string('deployment_id', 36).notNullable();
    t.string('effect', 20).notNullable();
    // The state that caused it.
    t.string('state', 20).notNullable();
    t.string('queued_at', 30).notNullable();
    t.string('due_at', 30).notNullable();
    t.integer('attempts').notNullable().defaultTo(0);
    t.text('error');
    t.string('settled_at', 30);
    // `done`, or `dropped` where a later transition made it pointless.
    t.string('outcome', 10);
    t.index(['deployment_id', 'id'], 'deployment_effect_idx');
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
    // Set while it lasts: one live version per environment, and one per physical target.
    t.string('open_key', 330).unique();
    t.string('open_target', 500).unique();
    t.index(['entity_ref', 'environment', 'from'], 'live_interval_idx');
    t.index(['environment', 'from'], 'live_interval_fleet_idx');
    t.index(
      ['entity_ref', 'environment', 'version'],
      'live_interval_version_idx',
    );
  });

  // Environments in which automatic delivery waits for a person. `open_key` is set until the hold is
  // lifted: one hold per environment.
  await knex.schema.createTable('environment_hold', t => {
    t.increments('id');
    t.string('entity_ref', 255).notNullable();
    t.string('environment', 63).notNullable();
    // The version that was rolled back, where one was live.
    t.string('version', 200);
    t.string('by', 255).notNullable();
    t.text('reason').notNullable();
    t.string('since', 30).notNullable();
    t.string('lifted_at', 30);
    t.string('lifted_by', 255);
    t.text('lift_reason');
    t.string('open_key', 330).unique();
    t.index(['entity_ref', 'since'], 'environment_hold_idx');
  });

  // Runs of outside systems that ask whether they may deploy. The answer is an effect: what is due is
  // tried until the outside system took it.
  await knex.schema.createTable('run_question', t => {
    t.string('id', 64).primary();
    t.string('provider', 63).notNullable();
    t.string('subject', 500).notNullable();
    t.string('target_key', 500).notNullable();
    t.string('run_id', 200).notNullable();
    t.string('asked_at', 30).notNullable();
    // The deployment that decides on the answer, once it is known.
    t.string('deployment_id', 36);
    // What was reported while there was no answer, and how often.
    t.text('report');
    t.integer('reports').notNullable().defaultTo(0);
    t.integer('attempts').notNullable().defaultTo(0);
    t.text('error');
    // `approved`, `rejected`, or `none` where it cannot be answered any more.
    t.string('answer', 10);
    t.string('settled_at', 30);
    // Raised by whatever makes it due, so that a step that runs does not put its own time there.
    t.integer('revision').notNullable().defaultTo(0);
    t.string('due_at', 30);
    t.string('lease_token', 36);
    t.string('lease_until', 30);
    t.index(['deployment_id'], 'run_question_deployment_idx');
  });
  await knex.raw(
    'CREATE INDEX run_question_due_idx ON run_question (due_at) WHERE due_at IS NOT NULL',
  );

  // Requests that must have one effect however often they are sent. The key is scoped by caller
  // and operation; the hash tells a repeated request from another one under the same key.
  await knex.schema.createTable('idempotency_key', t => {
    t.string('key', 64).primary();
    t.string('request_hash', 64).notNullable();
    t.string('created_at', 30).notNullable();
    t.index(['created_at'], 'idempotency_created_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'idempotency_key',
    'run_question',
    'environment_hold',
    'live_interval',
    'deployment_event',
    'deployment_effect',
    'deployment_notice',
    'deployment_reviewer',
    'deployment_approval',
    'deployment',
  ]) {
    await knex.schema.dropTable(table);
  }
};
