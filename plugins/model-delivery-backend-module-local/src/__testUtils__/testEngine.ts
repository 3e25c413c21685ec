import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type {
  DeployProgress,
  EnvironmentTarget,
  ModelTarget,
  ProviderChange,
  ProviderContext,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import type { LocalConfig } from '../config';
import { type Engine, startEngine } from '../engine';
import { openTestDatabase } from './testDatabase';

export const context: ProviderContext = {
  signal: new AbortController().signal,
};

export function modelTarget(name: string): ModelTarget {
  return {
    entityRef: `mlmodel:default/${name}`,
    namespace: 'default',
    name,
    annotations: {},
    target: { provider: 'local', repository: name, name },
  };
}

export function environmentTarget(
  name: string,
  environment: string,
): EnvironmentTarget {
  return { ...modelTarget(name), environment };
}

/** An engine in a folder of its own, which can be stopped and started again as after a crash. */
export class TestEngine {
  readonly #overrides: Partial<LocalConfig>;
  engine!: Engine;
  readonly changes: ProviderChange[] = [];
  #aheadMs = 0;
  /** Called for each change, as the backend would be. */
  onChange: (change: ProviderChange) => void = () => undefined;
  /** Warnings and errors, in order. */
  readonly logged: string[] = [];

  private constructor(
    readonly directory: string,
    readonly knex: Knex,
    overrides: Partial<LocalConfig>,
  ) {
    this.#overrides = overrides;
  }

  /** @param database - migrated; SQLite in the engine's own folder where none is given. */
  static async start(
    overrides: Partial<LocalConfig> = {},
    database?: Knex,
  ): Promise<TestEngine> {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'local-engine-'));
    const knex =
      database ??
      (await openTestDatabase(path.join(directory, 'database.sqlite')));
    const test = new TestEngine(directory, knex, overrides);
    await test.start();
    return test;
  }

  /** Puts the clock of schedules and monitors ahead. */
  advance(ms: number): void {
    this.#aheadMs += ms;
    this.engine.lookForDueJobs();
  }

  get state(): string {
    return path.join(this.directory, 'state');
  }

  get config(): LocalConfig {
    return {
      enabled: true,
      directory: this.state,
      slots: 2,
      listen: { host: '127.0.0.1', port: 0 },
      jobTimeoutSeconds: 120,
      logLimitBytes: 1_000_000,
      scrapeSeconds: 0.2,
      retentionHours: 1,
      predictions: { days: 1, perEnvironment: 1_000 },
      traffic: { enabled: false, requestsPerSecond: 20 },
      environment: [],
      ...this.#overrides,
    };
  }

  async start(): Promise<void> {
    this.engine = await startEngine({
      config: this.config,
      knex: this.knex,
      now: () => Date.now() + this.#aheadMs,
      logger: mockServices.logger.mock({
        warn: text => this.logged.push(text),
        error: text => this.logged.push(text),
      }),
      report: change => {
        this.changes.push(change);
        this.onChange(change);
      },
    });
  }

  get database(): string {
    return path.join(this.directory, 'database.sqlite');
  }

  async destroy(): Promise<void> {
    await this.engine?.stop();
    await this.knex.destroy();
    await fs.rm(this.directory, { recursive: true, force: true });
  }
}

/** The newest run that `is` holds of, when there is one. */
export async function findRun(
  test: TestEngine,
  name: string,
  is: (run: ProviderRun) => boolean,
): Promise<ProviderRun> {
  return await waitFor(
    async () => {
      const { items } = await test.engine.pipelines.listRuns(
        modelTarget(name),
        { limit: 100 },
        context,
      );
      return items.find(is);
    },
    `a run of ${name}`,
    60_000,
  );
}

/** Deploys a version and waits for how it ends. */
export async function deploy(
  test: TestEngine,
  name: string,
  environment: string,
  version: string,
  deploymentId: string,
  target = environmentTarget(name, environment),
): Promise<DeployProgress> {
  const { digest } = await test.engine.versions.getVersion(
    modelTarget(name),
    version,
    context,
  );
  await test.engine.deployments.deploy(
    target,
    {
      deploymentId,
      version,
      digest,
      artifactUri: null,
      openBundle: () =>
        test.engine.versions.openBundle(modelTarget(name), version, context),
    },
    context,
  );
  return await waitFor(async () => {
    const progress = await test.engine.deployments.getProgress(
      target,
      deploymentId,
      context,
    );
    return ['live', 'failed'].includes(progress.phase) && progress;
  }, `the end of ${deploymentId}`);
}

/** The text of a job's whole log. */
export async function readLog(
  test: TestEngine,
  name: string,
  runId: string,
  jobId: string,
): Promise<string> {
  const { lines } = await test.engine.pipelines.readLog(
    modelTarget(name),
    runId,
    jobId,
    { after: 0, limit: 1_000_000 },
    context,
  );
  return lines.map(({ text }) => text).join('\n');
}
