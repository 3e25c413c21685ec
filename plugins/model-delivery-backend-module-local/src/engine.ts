import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { createBatch } from './batch/createBatch';
import type { LocalConfig } from './config';
import { BatchStore } from './database/BatchStore';
import { DeploymentStore } from './database/DeploymentStore';
import { RunStore } from './database/RunStore';
import { ScrapeStore } from './database/ScrapeStore';
import { VersionStore } from './database/VersionStore';
import { PushSpool } from './git/PushSpool';
import { Repositories } from './git/Repositories';
import { AnswersAgain } from './labels/AnswersAgain';
import { createLabels } from './labels/createLabels';
import { LocalMonitorProvider } from './monitoring/LocalMonitorProvider';
import { Scraper } from './monitoring/Scraper';
import { ProcessRecords } from './processes/ProcessRecords';
import { recoverProcesses } from './processes/recoverProcesses';
import { LocalProjectProvider } from './projects/LocalProjectProvider';
import { LocalVersionProvider } from './registry/LocalVersionProvider';
import { ModelEntities } from './registry/ModelEntities';
import { Registry } from './registry/Registry';
import { championPython } from './runner/championPython';
import { DataSnapshots } from './runner/DataSnapshots';
import { findChampion } from './runner/findChampion';
import { JobRunner } from './runner/JobRunner';
import { LocalPipelineProvider } from './runner/LocalPipelineProvider';
import { checkGit, findPython } from './runner/python';
import { PythonEnvironments } from './runner/PythonEnvironments';
import { RunExecutor } from './runner/RunExecutor';
import { RunQueue } from './runner/RunQueue';
import { Slots } from './runner/Slots';
import { Sweeper } from './runner/Sweeper';
import { Deployments } from './serving/Deployments';
import { Environments } from './serving/Environments';
import { Listener } from './serving/Listener';
import { LocalDeploymentProvider } from './serving/LocalDeploymentProvider';
import { ServerFactory } from './serving/ServerFactory';
import { StateFolder } from './StateFolder';
import { PROVIDER_ID } from './targets';
import { ModelRows } from './traffic/ModelRows';
import { ShiftedReplays } from './traffic/ShiftedReplays';
import { Traffic } from './traffic/Traffic';

/** The parts of the engine, put together. */
export interface Engine {
  pipelines: LocalPipelineProvider;
  versions: LocalVersionProvider;
  deployments: LocalDeploymentProvider;
  monitors: LocalMonitorProvider;
  projects: LocalProjectProvider;
  /** Resolves when no run and no deployment is under way. */
  idle(): Promise<void>;
  /** Looks at the clock again, such as after it jumped. */
  lookForDueJobs(): void;
  /** Ends everything it started. What was under way is interrupted. */
  stop(): Promise<void>;
}

/**
 * Starts the engine: recovers what an earlier portal left, and begins to work.
 *
 * @throws Error in a sentence with the fix: no Python, no Git, a folder that cannot be written to,
 *   a port that is taken.
 */
export async function startEngine(options: {
  config: LocalConfig;
  knex: Knex;
  logger: LoggerService;
  report: (change: ProviderChange) => void;
  /** Of schedules and monitors; milliseconds since 1970. */
  now?: () => number;
}): Promise<Engine> {
  const { config, knex, logger, now = Date.now } = options;
  const state = new StateFolder(config.directory);
  await state.prepare();
  await checkGit();
  const python = await findPython(config.python);

  const runs = new RunStore(knex);
  const versions = new VersionStore(knex);
  const deploymentStore = new DeploymentStore(knex);
  const scrapes = new ScrapeStore(knex);
  const repositories = new Repositories(state.git);
  const entities = new ModelEntities(repositories, logger);
  const records = new ProcessRecords(state.processes);
  const registry = new Registry(state.registry, versions, repositories);
  const pythons = new PythonEnvironments(
    state.environments,
    python,
    config.environment,
  );

  /** Reporting needs the model's name, which takes a look at the repository. */
  const reportRepository = (
    repository: string,
    what: ProviderChange['what'],
  ) => {
    entities.modelOf(repository).then(
      ({ namespace, name }) =>
        options.report({
          provider: PROVIDER_ID,
          model: { namespace, name },
          what,
        }),
      () => options.report({ provider: PROVIDER_ID, model: null, what }),
    );
  };
  const reportEnvironment = (key: string, what: ProviderChange['what']) => {
    const [namespace, name] = key.split('/');
    options.report({ provider: PROVIDER_ID, model: { namespace, name }, what });
  };

  const listener = new Listener(config.listen, logger);
  const factory = new ServerFactory({
    environments: pythons,
    records,
    extraVariables: config.environment,
  });
  const environments = new Environments({
    state,
    store: deploymentStore,
    factory,
    listener,
    logger,
    onChange: key => reportEnvironment(key, 'deployments'),
  });
  const slots = new Slots(config.slots);
  const batch = createBatch({
    config,
    folder: state.batch,
    serving: state.serving,
    store: new BatchStore(knex),
    deployments: deploymentStore,
    environments: pythons,
    records,
    factory,
    slots,
    logger,
    now,
    onChange: key => {
      reportEnvironment(key, 'deployments');
      reportEnvironment(key, 'monitors');
    },
  });
  const deployments = new Deployments({
    store: deploymentStore,
    environments,
    factory,
    listener,
    jobs: batch.jobs,
    batch: batch.deployments,
    logger,
    onChange: key => reportEnvironment(key, 'deployments'),
  });

  const labels = createLabels({
    config,
    knex,
    logger,
    environments,
    answers: new AnswersAgain({
      registry,
      versions,
      factory,
      repositories,
      folder: state.answers,
    }),
    onLabel: key => reportEnvironment(key, 'monitors'),
  });
  listener.keepLabels(labels.routes);

  const executor = new RunExecutor({
    state,
    runs,
    versions,
    repositories,
    registry,
    jobs: new JobRunner({
      repositories,
      environments: pythons,
      records,
      timeoutSeconds: config.jobTimeoutSeconds,
      extraVariables: config.environment,
      championPython: champion => championPython(champion, pythons),
    }),
    slots,
    logger,
    logLimitBytes: config.logLimitBytes,
    findChampion: run =>
      findChampion(run, {
        entities,
        versions,
        registry,
        deploymentStore,
        serving: state.serving,
      }),
    onChange: reportRepository,
  });
  const queue = new RunQueue({
    runs,
    repositories,
    executor,
    slots,
    logger,
    onChange: reportRepository,
  });
  const spool = new PushSpool(
    state.spool,
    (push, key) => queue.takeIn(push, key),
    logger,
  );
  const scraper = new Scraper({
    environments,
    scrapes,
    logger,
    intervalMs: config.scrapeSeconds * 1_000,
    retentionMs: config.retentionHours * 3_600_000,
    onChange: key => reportEnvironment(key, 'monitors'),
  });
  const rows = new ModelRows({ repositories, entities });
  const shifted = new ShiftedReplays({ environments, listener, rows });
  const traffic = new Traffic({
    environments,
    listener,
    rows,
    shifted,
    logger,
    ...config.traffic,
  });
  const sweeper = new Sweeper({
    state,
    runs,
    logger,
    retentionMs: config.retentionHours * 3_600_000,
  });

  await listener.start();
  try {
    const servers = await recoverProcesses(
      records,
      (await deploymentStore.environments()).map(row => row.deployment_id),
    );
    await repositories.refreshAll();
    await environments.recover(servers);
    await deployments.recover();
    await queue.start();
    await batch.jobs.start();
  } catch (error) {
    await listener.stop();
    throw error;
  }
  spool.start();
  labels.log.start();
  scraper.start();
  traffic.start();
  sweeper.start();
  logger.info(
    `The local engine runs in ${config.directory} with Python ${python.version} and ${config.slots} slots; model servers are reached at http://${listener.address}`,
  );

  return {
    pipelines: new LocalPipelineProvider({
      state,
      runs,
      repositories,
      registry,
      queue,
      snapshots: new DataSnapshots(repositories),
    }),
    versions: new LocalVersionProvider({
      registry,
      versions,
      runs,
      repositories,
      entities,
      onMarked: repository => reportRepository(repository, 'versions'),
    }),
    deployments: new LocalDeploymentProvider({
      store: deploymentStore,
      deployments,
      environments,
      listener,
      replays: shifted,
      batch: batch.states,
    }),
    monitors: new LocalMonitorProvider({
      scrapes,
      environments,
      deployments: deploymentStore,
      batch: batch.monitors,
      labels: labels.labels,
      now,
    }),
    projects: new LocalProjectProvider({
      folder: state.git,
      repositories,
      entities,
      spool,
      reservedPackages: python.reserved,
      onCreated: repository => reportRepository(repository, 'models'),
    }),
    idle: async () => {
      await queue.idle();
      await deployments.idle();
      await batch.jobs.idle();
    },
    lookForDueJobs: () => batch.jobs.wake(),
    stop: async () => {
      traffic.stop();
      shifted.stop();
      sweeper.stop();
      await Promise.all([spool.stop(), scraper.stop()]);
      await Promise.all([queue.stop(), deployments.stop(), batch.jobs.stop()]);
      await environments.stop();
      await listener.stop();
      await labels.log.stop();
    },
  };
}
