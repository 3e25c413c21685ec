import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  Evidence,
  JobStatus,
} from '@slipway/plugin-model-delivery-common';
import type { JobRow, RunRow, RunStore } from '../database/RunStore';
import type { VersionStore } from '../database/VersionStore';
import type { Repositories } from '../git/Repositories';
import type { Registry } from '../registry/Registry';
import {
  readEvidence,
  sentence,
} from '@slipway/plugin-model-delivery-node/reports';
import {
  type RunFolder,
  type StateFolder,
  explainError,
  fsReason,
  isFsError,
} from '../StateFolder';
import type { PlannedJob } from './graph';
import type { Champion, JobRunner } from './JobRunner';
import { LogWriter } from './LogWriter';
import type { ModelToml } from './modelToml';
import {
  type JobOutcome,
  type ProcessEnd,
  allowsNext,
  judgeEnd,
} from './outcome';
import type { StopReason } from './runProcess';
import type { Slots } from './Slots';

export interface RunParts {
  state: StateFolder;
  runs: RunStore;
  versions: VersionStore;
  repositories: Repositories;
  registry: Registry;
  jobs: JobRunner;
  slots: Slots;
  logger: LoggerService;
  logLimitBytes: number;
  /** Whom a candidate of a repository is compared with; null for a first release. */
  findChampion: (run: RunRow) => Promise<Champion | null>;
  onChange: (repository: string, what: 'runs' | 'versions') => void;
}

const NEEDS_CHAMPION = ['evaluate', 'perf', 'card', 'package'];

const WORDS: Partial<Record<JobStatus, string>> = {
  failed: 'failed',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted',
  skipped: 'was not run',
};

/**
 * The sentence that explains a bad end: of what a job proved, else the last line that it said. Where
 * that line is about the disk, the reports are not whole for the same reason.
 */
function telling(evidence: Evidence[], lastLine: string | null): string | null {
  const last = lastLine && sentence(lastLine);
  if (isFsError({ message: lastLine })) return last;
  return (
    evidence.find(({ status }) => status === 'fail')?.summary ??
    evidence.find(({ status }) => status === 'error')?.summary ??
    last
  );
}

/** What follows the row of a version; each step may be done twice. */
export async function finishRegistration(
  parts: RunParts,
  run: RunRow,
  version: string,
): Promise<void> {
  await parts.registry.tag(run.repository, version, run.commit);
  await parts.runs.attachEvidence(run.id, version);
  await parts.runs.update(run.id, { version });
  parts.onChange(run.repository, 'versions');
}

/** The jobs of one run, started as what they need has ended. */
export class RunInProgress {
  readonly #parts: RunParts;
  readonly #run: RunRow;
  readonly #files: RunFolder;
  readonly #model: ModelToml;
  readonly #signal: AbortSignal;
  readonly #statuses = new Map<string, JobStatus>();
  readonly #reasons = new Map<string, string | null>();
  /** Of a job that is not run: the one whose end is why. */
  readonly #causes = new Map<string, string>();
  #champion: Promise<Champion | null> | undefined;

  constructor(
    parts: RunParts,
    run: RunRow,
    files: RunFolder,
    model: ModelToml,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#run = run;
    this.#files = files;
    this.#model = model;
    this.#signal = signal;
  }

  async finish(): Promise<void> {
    const rows = await this.#parts.runs.jobs(this.#run.id);
    const promises = new Map<string, Promise<void>>();
    for (const row of rows) {
      const needs = row.definition.needs.map(id => promises.get(id)!);
      promises.set(
        row.id,
        Promise.all(needs).then(() => this.#job(row)),
      );
    }
    // All have to end, whichever fails, before the folders may go.
    const results = await Promise.allSettled(promises.values());
    const broken = results.find(result => result.status === 'rejected');
    if (broken) throw broken.reason;
  }

  async #job(row: JobRow): Promise<void> {
    const { definition } = row;
    const blocker = definition.needs.find(
      id => !allowsNext(this.#statuses.get(id) ?? 'queued'),
    );
    if (blocker !== undefined) {
      const cause = this.#causes.get(blocker) ?? blocker;
      this.#causes.set(row.id, cause);
      await this.#close(row, {
        status: 'skipped',
        reason: `Not run, since ${cause} ${WORDS[this.#statuses.get(cause)!] ?? 'did not pass'}.`,
      });
      return;
    }
    let release: () => void;
    try {
      release = await this.#parts.slots.acquire(
        {
          alone: definition.alone,
          short: definition.short,
          priority: this.#run.priority,
          order: this.#run.seq,
          run: this.#run.id,
          onMoved: () => this.#parts.onChange(this.#run.repository, 'runs'),
        },
        this.#signal,
      );
    } catch {
      const stop = this.#signal.reason as StopReason;
      await this.#close(row, {
        status: stop.kind === 'cancelled' ? 'cancelled' : 'skipped',
        reason:
          stop.kind === 'cancelled'
            ? `Cancelled by ${stop.by}.`
            : 'The run was interrupted before this.',
      });
      return;
    }
    try {
      await this.#runJob(row);
    } finally {
      release();
    }
  }

  async #runJob(row: JobRow): Promise<void> {
    const { definition } = row;
    await this.#parts.runs.updateJob(this.#run.id, row.id, {
      status: 'running',
      started_at: new Date().toISOString(),
    });
    this.#parts.onChange(this.#run.repository, 'runs');
    const log = new LogWriter(
      this.#files.log(row.id),
      this.#parts.logLimitBytes,
    );
    let end: ProcessEnd;
    try {
      end =
        definition.args === null
          ? await this.#register(row, log)
          : await this.#parts.jobs.run({
              run: this.#run,
              job: { ...definition, args: definition.args },
              packageName: this.#model.model.package,
              champion: await this.#championFor(definition),
              files: this.#files,
              log,
              signal: this.#signal,
              onSteps: steps =>
                this.#parts.runs.updateJob(this.#run.id, row.id, { steps }),
            });
    } catch (error) {
      end = { kind: 'refused', reason: explainError(error, this.#files.root) };
    }
    const evidence = await this.#collect(row, end, log);
    const outcome = judgeEnd(
      definition.name,
      end,
      telling(evidence, log.lastLine),
    );
    if (outcome.reason) log.note(outcome.reason);
    const unwritten = await log.close().then(() => null, fsReason);
    const { status, reason } = outcome;
    // Whatever ended the job for the same reason says it already.
    const isSaid = !unwritten || reason?.includes(unwritten);
    const cutShort = isSaid ? null : `Its log is cut short: ${unwritten}`;
    await this.#close(row, {
      status,
      reason: [reason, cutShort].filter(Boolean).join(' ') || null,
    });
  }

  /** Reads the job's reports, whatever its end: they are written on failure too. */
  async #collect(
    row: JobRow,
    end: ProcessEnd,
    log: LogWriter,
  ): Promise<Evidence[]> {
    if (end.kind === 'cancelled' || end.kind === 'interrupted') return [];
    const verb = row.definition.args?.[0] ?? row.definition.id;
    const failure = judgeEnd(
      row.definition.name,
      end,
      log.lastLine && sentence(log.lastLine),
    ).reason;
    const items = await readEvidence(
      verb,
      this.#files.reports,
      {
        runId: this.#run.id,
        at: new Date().toISOString(),
        checkout: this.#run.commit,
      },
      failure,
    );
    await this.#parts.runs.putEvidence(
      this.#run,
      this.#run.subject_version,
      items,
    );
    return items.map(({ evidence }) => evidence);
  }

  async #championFor(job: PlannedJob): Promise<Champion | null> {
    if (!NEEDS_CHAMPION.includes(job.id)) return null;
    // One answer a run: evaluation and performance compare with the same version.
    this.#champion ??= this.#parts.findChampion(this.#run);
    return await this.#champion;
  }

  async #register(row: JobRow, log: LogWriter): Promise<ProcessEnd> {
    const startedAt = new Date().toISOString();
    const rejected = [...this.#statuses.entries()]
      .filter(([, status]) => status === 'rejected')
      .map(([id]) => this.#reasons.get(id) ?? `The gate ${id} failed.`);
    const version = await this.#parts.registry.register(
      { ...this.#run, model_version: this.#run.model_version! },
      this.#files,
      await this.#parts.runs.runEvidence(this.#run.id),
      rejected,
      startedAt,
    );
    await finishRegistration(this.#parts, this.#run, version.version);
    await this.#parts.runs.updateJob(this.#run.id, row.id, {
      steps: [
        {
          name: 'Verify, store and tag',
          status: 'passed',
          startedAt,
          finishedAt: new Date().toISOString(),
        },
      ],
    });
    log.note(`Registered version ${version.version} as ${version.digest}`);
    for (const reason of rejected) log.note(`Rejected: ${reason}`);
    return { kind: 'exit', code: 0 };
  }

  async #close(row: JobRow, outcome: JobOutcome): Promise<void> {
    this.#statuses.set(row.id, outcome.status);
    this.#reasons.set(row.id, outcome.reason);
    await this.#parts.runs.updateJob(this.#run.id, row.id, {
      status: outcome.status,
      reason: outcome.reason,
      finished_at:
        outcome.status === 'skipped' ? null : new Date().toISOString(),
    });
    this.#parts.onChange(this.#run.repository, 'runs');
  }
}
