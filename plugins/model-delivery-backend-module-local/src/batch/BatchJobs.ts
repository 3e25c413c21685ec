import crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  type BatchJob,
  batchJob,
} from '@slipway/plugin-model-delivery-common/schema';
import { WakeLoop } from '@slipway/plugin-model-delivery-node';
import type { BatchRunRow, BatchStore } from '../database/BatchStore';
import type {
  DeploymentStore,
  EnvironmentRow,
} from '../database/DeploymentStore';
import type { Slots } from '../runner/Slots';
import { DeploymentFolder } from '../serving/DeploymentFolder';
import { removeFolder } from '../StateFolder';
import type { BatchResult, BatchRunner } from './BatchRunner';
import { dueAfter } from './schedule';

/** Also by how much a clock that jumps delays a run, at most. */
const LONGEST_PAUSE_MS = 60_000;
const AFTER_ERROR_MS = 5_000;
const PRIORITY = 10;
/** Runs that are kept however old they are. */
const KEPT = 10;
const STOPPED = 'The portal stopped while it ran, so it is run again.';

interface Parts {
  store: BatchStore;
  deployments: DeploymentStore;
  runner: BatchRunner;
  slots: Slots;
  /** The folder of all deployments. */
  serving: string;
  logger: LoggerService;
  /** Milliseconds since 1970. */
  now: () => number;
  retentionMs: number;
  onChange: (key: string) => void;
}

interface Running {
  deploymentId: string;
  controller: AbortController;
  done: Promise<void>;
}

/**
 * Runs the batch jobs of live versions when they are due, one at a time in each environment. The
 * database holds when a job is due: after a time without the portal, a job that was due runs once.
 */
export class BatchJobs {
  readonly #parts: Parts;
  readonly #running = new Map<string, Running>();
  readonly #stopping = new AbortController();
  readonly #loop = new WakeLoop(() => this.#round());

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Makes the runs due again that an earlier portal left, and begins to look. */
  async start(): Promise<void> {
    for (const run of await this.#parts.store.open()) {
      await this.#parts.store.interrupt(run, this.at(), STOPPED);
    }
    this.#loop.start();
  }

  /** Ends what runs, as interrupted. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort(new Error(STOPPED));
    this.#stopping.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  /** Looks now whether a job is due. Never throws. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.#loop.settled();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /**
   * Another version is live. A run of the one before ends, and is due again where the live one has a job
   * too, so that nothing is written by a version that was replaced or rolled back.
   */
  async changed(key: string): Promise<void> {
    const running = this.#running.get(key);
    const live = running && (await this.#parts.deployments.environment(key));
    if (running && live && live.deployment_id !== running.deploymentId) {
      running.controller.abort(
        new Error(
          live.batch
            ? `${live.version} went live while it ran, so it is run again with that version.`
            : `${live.version} went live as a server while it ran.`,
        ),
      );
      await running.done;
    }
    this.wake();
  }

  /** Follows a schedule or input that changed in the entity. */
  async follow(live: EnvironmentRow, job: BatchJob): Promise<EnvironmentRow> {
    const text = JSON.stringify(job);
    if (!live.batch || live.batch === text) return live;
    const next = this.nextDue(job);
    await this.#parts.store.follow(live.key, live.batch, text, next);
    this.wake();
    return { ...live, batch: text, next_due_at: next };
  }

  /** Now; RFC 3339, UTC. */
  at(): string {
    return new Date(this.#parts.now()).toISOString();
  }

  /** RFC 3339, UTC. */
  nextDue(job: BatchJob): string {
    return new Date(dueAfter(job, this.#parts.now())).toISOString();
  }

  async #round(): Promise<number | undefined> {
    try {
      return await this.#look();
    } catch (error) {
      this.#parts.logger.warn(`Cannot look for due batch jobs: ${error}`);
      return AFTER_ERROR_MS;
    }
  }

  /** @returns after how many milliseconds to look again; undefined where no run is planned. */
  async #look(): Promise<number | undefined> {
    const { store, now } = this.#parts;
    for (const due of await store.due(this.at())) {
      if (this.#running.has(due.key)) continue;
      // One that cannot begin holds up no other.
      await this.#begin(due).catch(error =>
        this.#parts.logger.error(
          `The batch job of ${due.key} cannot begin`,
          error,
        ),
      );
    }
    const next = await store.nextDueAfter(this.at());
    return next === undefined
      ? undefined
      : Math.min(LONGEST_PAUSE_MS, Math.max(0, Date.parse(next) - now()));
  }

  async #begin(due: EnvironmentRow): Promise<void> {
    const id = crypto.randomUUID();
    const next = this.nextDue(batchJob.parse(JSON.parse(due.batch!)));
    if (!(await this.#parts.store.begin(due, id, next))) return;
    const controller = new AbortController();
    const running: Running = {
      deploymentId: due.deployment_id,
      controller,
      done: Promise.resolve(),
    };
    this.#running.set(due.key, running);
    running.done = this.#run(due, id, controller.signal)
      .catch(error => {
        if (this.#stopping.signal.aborted) return;
        this.#parts.logger.error(`Batch run ${id} of ${due.key} failed`, error);
      })
      .finally(() => {
        this.#running.delete(due.key);
        this.#parts.onChange(due.key);
        this.wake();
      });
    this.#parts.onChange(due.key);
  }

  async #run(
    due: EnvironmentRow,
    id: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { store } = this.#parts;
    const run = { id, environment_key: due.key, due_at: due.next_due_at! };
    let result: BatchResult;
    try {
      result = await this.#inSlot(
        due,
        {
          ...run,
          deployment_id: due.deployment_id,
          version: due.version,
        },
        signal,
      );
    } catch (error) {
      const { message } = (signal.aborted ? signal.reason : error) as Error;
      await this.#persist(() => store.interrupt(run, this.at(), message));
      return;
    }
    const { status, counts, message, log } = result;
    await this.#persist(() =>
      store.end(id, {
        status,
        finished_at: this.at(),
        rows_in: counts?.rowsIn ?? null,
        rows_out: counts?.rowsOut ?? null,
        rejected: counts?.rejected ?? null,
        message,
        log: JSON.stringify(log),
      }),
    );
    await this.#forget(due.key);
  }

  async #inSlot(
    due: EnvironmentRow,
    run: Pick<
      BatchRunRow,
      'id' | 'environment_key' | 'due_at' | 'deployment_id' | 'version'
    >,
    signal: AbortSignal,
  ): Promise<BatchResult> {
    const { slots, store, runner, serving } = this.#parts;
    const release = await slots.acquire(
      {
        alone: false,
        short: false,
        priority: PRIORITY,
        // Before the jobs of runs, which have no schedule to keep.
        order: 0,
        run: run.id,
        onMoved: () => {},
      },
      signal,
    );
    try {
      await store.started(run.id, this.at());
      this.#parts.onChange(due.key);
      return await runner.run(
        run,
        {
          job: due.batch!,
          digest: due.digest,
          files: new DeploymentFolder(serving, due.key, due.deployment_id),
        },
        signal,
      );
    } finally {
      release();
    }
  }

  /** Runs and their output go together. */
  async #forget(key: string): Promise<void> {
    const before = new Date(this.#parts.now() - this.#parts.retentionMs);
    const files = this.#parts.runner.folderOf(key);
    for (const run of await this.#parts.store.forget(
      key,
      before.toISOString(),
      KEPT,
    )) {
      await removeFolder(files.finished(run));
    }
  }

  /** Tried until it is recorded, such as on a full disk, or the portal stops. */
  async #persist(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await write();
        return;
      } catch (error) {
        this.#parts.logger.error(
          'The end of a batch run cannot be recorded; it is tried again',
          error as Error,
        );
        await sleep(AFTER_ERROR_MS, undefined, {
          signal: this.#stopping.signal,
        });
      }
    }
  }
}
