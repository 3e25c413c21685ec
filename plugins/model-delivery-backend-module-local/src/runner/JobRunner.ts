import fs from 'node:fs/promises';
import path from 'node:path';
import type { Step } from '@slipway/plugin-model-delivery-common';
import type { RunRow } from '../database/RunStore';
import { checkOut } from '../git/checkOut';
import type { Repositories } from '../git/Repositories';
import { cleanEnvironment } from '../processes/environment';
import type { ProcessRecords } from '../processes/ProcessRecords';
import {
  type RunFolder,
  explainError,
  makeFolder,
  removeFolder,
} from '../StateFolder';
import type { PlannedJob } from './graph';
import type { LogWriter } from './LogWriter';
import type { ProcessEnd } from './outcome';
import type { PythonEnvironments } from './PythonEnvironments';
import { runProcess } from './runProcess';
import { Steps } from './Steps';

export interface Champion {
  version: string;
  /** Path of its bundle. */
  bundle: string;
}

export interface JobInput {
  run: RunRow;
  job: PlannedJob & { args: string[] };
  packageName: string;
  champion: Champion | null;
  files: RunFolder;
  log: LogWriter;
  signal: AbortSignal;
  onSteps: (steps: Step[]) => Promise<void>;
}

/** What the contract lets a verb read of its surroundings. */
function contractEnvironment(input: JobInput): Record<string, string> {
  const { run, champion, files } = input;
  return {
    MODEL_VERSION: run.model_version ?? `0.0.0+g${run.commit.slice(0, 7)}`,
    GIT_SHA: run.commit,
    GIT_REF: run.ref ?? '',
    GIT_REPOSITORY: run.repository,
    RUN_ID: run.id,
    RUN_URL: '',
    RUN_ATTEMPT: String(run.attempt),
    CI_SYSTEM: 'local',
    CHAMPION_URI: champion?.bundle ?? '',
    CHAMPION_VERSION: champion?.version ?? '',
    ARTIFACTS_DIR: files.artifacts,
    REPORTS_DIR: files.reports,
    SOURCE_DATE_EPOCH: String(
      Math.floor(new Date(run.created_at).getTime() / 1_000),
    ),
    REGISTRY_URI: '',
  };
}

interface Parts {
  repositories: Repositories;
  environments: PythonEnvironments;
  records: ProcessRecords;
  timeoutSeconds: number;
  extraVariables: readonly string[];
  /** Interpreter for the champion's own lock file. */
  championPython: (champion: Champion) => Promise<string | undefined>;
}

/**
 * Runs one job: its own checkout, the environment of its lock file, then its verb, each a step
 * that people see.
 */
export class JobRunner {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Never throws for what a repository holds: that is an end with its reason. */
  async run(input: JobInput): Promise<ProcessEnd> {
    const folder = path.join(input.files.work, input.job.id);
    const steps = new Steps(input.onSteps);
    try {
      return await this.#runSteps(input, folder, steps);
    } catch (error) {
      await steps.fail();
      if (input.signal.aborted) return input.signal.reason as ProcessEnd;
      return { kind: 'refused', reason: explainError(error, folder) };
    } finally {
      // What stays goes with the run's whole folder.
      await removeFolder(folder).catch(() => {});
    }
  }

  async #runSteps(
    input: JobInput,
    folder: string,
    steps: Steps,
  ): Promise<ProcessEnd> {
    const { run, job, log, packageName } = input;
    const checkout = path.join(folder, 'checkout');
    const home = path.join(folder, 'home');
    const tmp = path.join(folder, 'tmp');

    await steps.begin('Check out');
    log.note(`Check out ${run.repository} at ${run.commit.slice(0, 7)}`);
    await fs.rm(folder, { recursive: true, force: true });
    for (const made of [home, tmp]) await makeFolder(made);
    await checkOut(
      this.#parts.repositories.path(run.repository),
      run.commit,
      checkout,
    );

    await steps.begin('Prepare Python');
    const python = await this.#parts.environments.interpreter(checkout, text =>
      log.note(text),
    );
    const championPython =
      input.champion && (await this.#parts.championPython(input.champion));

    await steps.begin(job.name);
    const args = ['-m', packageName, ...job.args];
    log.note(`python ${args.join(' ')}`);
    const end = await runProcess({
      command: python,
      args,
      cwd: checkout,
      env: {
        ...cleanEnvironment(process.env, this.#parts.extraVariables),
        ...contractEnvironment(input),
        ...(championPython && { CHAMPION_PYTHON: championPython }),
        HOME: home,
        TMPDIR: tmp,
        PYTHONPATH: path.join(checkout, 'src'),
        PYTHONUNBUFFERED: '1',
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONNOUSERSITE: '1',
      },
      timeoutSeconds: this.#parts.timeoutSeconds,
      signal: input.signal,
      records: this.#parts.records,
      owner: `${run.id}/${job.id}`,
      log,
    });
    await steps.end(
      end.kind === 'exit' && (end.code === 0 || end.code === 3)
        ? 'passed'
        : 'failed',
    );
    return end;
  }
}
