// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('local_run', table => {
    table.increments('seq').comment('The order in which runs were asked for');
    table.string('id', 64).notNullable().unique();
    table.string('repository', 64).notNullable();
    table.integer('number').notNullable();
    table.integer('attempt').notNullable();
    table.string('plan', 16).notNullable().comment('full, check, evaluation');
    table.string('kind', 16).notNullable();
    table.string('trigger', 32).notNullable();
    table.string('status', 16).notNullable();
    table.text('reason').nullable();
    table.string('ref', 255).nullable();
    table.string('commit', 64).notNullable();
    table.text('commit_message').nullable();
    table.string('author', 255).nullable();
    table.integer('priority').notNullable();
    table.string('idempotency_key', 500).notNullable().unique();
    table
      .string('model_version', 64)
      .nullable()
      .comment('Known from its start');
    table.string('version', 64).nullable().comment('That it registered');
    table.string('subject_version', 64).nullable().comment('Judged again');
    table.string('champion_version', 64).nullable();
    table.string('cancelled_by', 255).nullable();
    table.string('created_at', 32).notNullable();
    table.string('started_at', 32).nullable();
    table.string('finished_at', 32).nullable();
    table.index(['repository', 'seq'], 'local_run_repository_idx');
    table.index(['status'], 'local_run_status_idx');
    table.index(['repository', 'subject_version'], 'local_run_subject_idx');
  });
  await knex.schema.createTable('local_job', table => {
    table.string('run_id', 64).notNullable();
    table.string('id', 128).notNullable();
    table.integer('position').notNullable();
    table.text('definition').notNullable().comment('The planned job as JSON');
    table.string('status', 16).notNullable();
    table.text('reason').nullable();
    table.string('started_at', 32).nullable();
    table.string('finished_at', 32).nullable();
    table.text('steps').notNullable();
    table.primary(['run_id', 'id']);
  });
  await knex.schema.createTable('local_evidence', table => {
    table.string('run_id', 64).notNullable();
    table.string('key', 64).notNullable();
    table.string('repository', 64).notNullable();
    table.string('version', 64).nullable().comment('What it says something of');
    table.text('body').notNullable();
    table.string('at', 32).notNullable();
    table.primary(['run_id', 'key']);
    table.index(['repository', 'version'], 'local_evidence_version_idx');
  });
  await knex.schema.createTable('local_version', table => {
    table.increments('seq');
    table.string('repository', 64).notNullable();
    table.string('version', 64).notNullable();
    table.string('status', 16).notNullable();
    table.string('run_id', 64).notNullable();
    table.string('commit', 64).notNullable();
    table.string('digest', 80).notNullable().comment('Of manifest.json');
    table.string('bundle_digest', 80).notNullable().comment('Of model.tar.gz');
    table.bigInteger('size_bytes').notNullable();
    table.text('body').notNullable().comment('The version as it is told');
    table.text('card').nullable();
    table.text('signature').nullable();
    table.string('created_at', 32).notNullable();
    table.unique(['repository', 'version'], {
      indexName: 'local_version_name_uniq',
    });
  });
  await knex.schema.createTable('local_alias', table => {
    table.string('repository', 64).notNullable();
    table.string('alias', 64).notNullable();
    table.string('version', 64).notNullable();
    table.string('set_by', 255).notNullable();
    table.string('deployment_id', 128).notNullable();
    table.string('at', 32).notNullable();
    table.primary(['repository', 'alias']);
  });
  await knex.schema.createTable('local_deployment', table => {
    table.increments('seq');
    table.string('id', 128).notNullable().unique();
    table.string('environment_key', 255).notNullable();
    table.string('version', 255).notNullable();
    table.string('digest', 80).nullable();
    table.string('phase', 16).notNullable();
    table.text('message').notNullable();
    table.text('rollout').nullable().comment('How its traffic is split');
    table.text('batch').nullable().comment('The batch job that it runs as');
    table.string('requested_at', 32).notNullable();
    table.string('live_at', 32).nullable();
    table.string('finished_at', 32).nullable();
    table.index(['phase'], 'local_deployment_phase_idx');
    table.index(['environment_key', 'seq'], 'local_deployment_env_idx');
  });
  await knex.schema.createTable('local_environment', table => {
    table.string('key', 255).primary().comment('namespace/name/environment');
    table.string('deployment_id', 128).notNullable();
    table.string('version', 255).notNullable();
    table.string('digest', 80).nullable();
    table.string('live_at', 32).notNullable();
    table.text('batch').nullable().comment('The batch job; null: a server');
    table.string('next_due_at', 32).nullable().comment('Of the batch job');
    table.index(['next_due_at'], 'local_environment_due_idx');
  });
  await knex.schema.createTable('local_batch_run', table => {
    table.increments('seq');
    table.string('id', 64).notNullable().unique();
    table.string('environment_key', 255).notNullable();
    table.string('deployment_id', 128).notNullable();
    table.string('version', 255).notNullable();
    table.string('due_at', 32).notNullable();
    table.string('status', 16).notNullable();
    table.string('started_at', 32).nullable();
    table.string('finished_at', 32).nullable();
    table.integer('rows_in').nullable();
    table.integer('rows_out').nullable();
    table.integer('rejected').nullable();
    table.text('message').nullable();
    table.text('log').notNullable().comment('The last lines, as JSON');
    table.index(['environment_key', 'seq'], 'local_batch_run_env_idx');
    table.index(['status'], 'local_batch_run_status_idx');
  });
  await knex.schema.createTable('local_scrape', table => {
    table.increments('seq');
    table.string('environment_key', 255).notNullable();
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.boolean('ok').notNullable();
    table.text('error').nullable();
    table.string('version', 255).nullable();
    table.string('instance', 64).nullable().comment('One life of one server');
    table
      .bigInteger('predictions')
      .nullable()
      .comment('Counted since its start');
    table.text('counters').nullable();
    table.index(['environment_key', 'at'], 'local_scrape_time_idx');
  });
  await knex.schema.createTable('local_prediction', table => {
    table.string('environment_key', 255).notNullable();
    table.string('id', 200).notNullable().comment('Of the answer');
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.string('version', 255).nullable();
    table.text('answers').notNullable().comment('One for each row, as JSON');
    table.text('inputs').nullable().comment('Columns by name, as JSON');
    table.primary(['environment_key', 'id']);
    table.index(['environment_key', 'at'], 'local_prediction_time_idx');
  });
  await knex.schema.createTable('local_label', table => {
    table.string('environment_key', 255).notNullable();
    table.string('prediction_id', 200).notNullable();
    table.integer('row').notNullable();
    table.bigInteger('predicted_at').notNullable();
    table.bigInteger('labelled_at').notNullable();
    table.string('version', 255).nullable();
    table.text('answer').notNullable();
    table.text('label').notNullable();
    table.text('inputs').nullable().comment('Of the row, by name, as JSON');
    table.primary(['environment_key', 'prediction_id', 'row', 'predicted_at']);
    table.index(['environment_key', 'labelled_at'], 'local_label_time_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'local_label',
    'local_prediction',
    'local_scrape',
    'local_batch_run',
    'local_environment',
    'local_deployment',
    'local_alias',
    'local_version',
    'local_evidence',
    'local_job',
    'local_run',
  ]) {
    await knex.schema.dropTable(table);
  }
};
