import crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { NewRun, RunRow, RunStore } from '../database/RunStore';
import type { Push } from '../git/pushFile';
import type { Repositories } from '../git/Repositories';
import type { RunExecutor } from './RunExecutor';
import type { StopReason } from './runProcess';
import type { Slots } from './Slots';

/** A person's run goes before one that was seeded. */
const PRIORITY = { normal: 10, low: 0 };

const MAIN = 'refs/heads/main';
/** Before a run is begun again that could not begin, such as while its database is full. */
const AGAIN_MS = 5_000;

interface ActiveRun {
  repository: string;
  plan: RunRow['plan'];
  priority: number;
  controller: AbortController;
  done: Promise<void>;
}

interface Parts {
  runs: RunStore;
  repositories: Repositories;
  executor: RunExecutor;
  slots: Slots;
  logger: LoggerService;
  onChange: (repository: string, what: 'runs' | 'models') => void;
}

/**
 * Which runs there are to be, and which go now. On `main` one at a time per repository, so that
 * the name of the next version is known; the rest as the machine has slots.
 */
export class RunQueue {
  readonly #parts: Parts;
  readonly #active = new Map<string, ActiveRun>();
  #pumping: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  readonly #stopping = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What was under way when the portal stopped is interrupted; what waited goes on. */
  async start(): Promise<void> {
    const interrupted = await this.#parts.runs.interruptRunning(
      new Date().toISOString(),
      'The portal stopped while this ran. Run it again to see how it ends.',
    );
    for (const run of interrupted) {
      await this.#parts.executor.recover(run);
      this.#parts.onChange(run.repository, 'runs');
    }
    this.#stopped = false;
    this.#pump();
  }

  /** Ends what runs, as interrupted. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#pumping;
    this.#stopping.abort();
    const running = [...this.#active.values()];
    for (const { controller } of running) {
      controller.abort({ kind: 'interrupted' } satisfies StopReason);
    }
    await Promise.all(running.map(({ done }) => done));
  }

  /** Takes in a push. The same key has no second effect. */
  async takeIn(push: Push, key: string): Promise<void> {
    if (!(await this.#parts.repositories.exists(push.repository))) return;
    for (const { ref, commit } of push.refs) {
      await this.#ask(push.repository, {
        plan: ref === MAIN ? 'full' : 'check',
        kind: ref === MAIN ? 'training' : 'ci',
        trigger: 'push',
        ref,
        commit,
        priority: PRIORITY[push.priority],
        idempotency_key: `${key}:${ref}`,
      });
    }
    if (push.refs.some(({ ref }) => ref === MAIN)) {
      this.#parts.onChange(push.repository, 'models');
    }
  }

  /** Trains the newest commit of a branch, tag or ref again. @throws ProviderError */
  async train(
    repository: string,
    ref: string,
    request: { key: string; trigger: string },
  ): Promise<RunRow> {
    const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
    const commit = await this.#parts.repositories.resolve(repository, full);
    if (!commit) {
      throw new ProviderError(
        'not-found',
        `${repository} has no branch ${ref}.`,
      );
    }
    return await this.#ask(repository, {
      plan: full === MAIN ? 'full' : 'check',
      kind: full === MAIN ? 'training' : 'ci',
      trigger: request.trigger,
      ref: full,
      commit,
      priority: PRIORITY.normal,
      idempotency_key: request.key,
    });
  }

  /** Judges a version again, against a champion. */
  async evaluate(
    repository: string,
    version: { version: string; commit: string },
    champion: string | null,
    key: string,
  ): Promise<RunRow> {
    return await this.#ask(repository, {
      plan: 'evaluation',
      kind: 'ci',
      trigger: 'evaluation',
      ref: null,
      commit: version.commit,
      subject_version: version.version,
      champion_version: champion,
      priority: PRIORITY.normal,
      idempotency_key: key,
    });
  }

  /** Runs the same again, as a further attempt. */
  async rerun(run: RunRow, key: string): Promise<RunRow> {
    return await this.#ask(run.repository, {
      plan: run.plan,
      kind: run.kind,
      trigger: 'rerun',
      ref: run.ref,
      commit: run.commit,
      number: run.number,
      attempt: run.attempt + 1,
      subject_version: run.subject_version,
      champion_version: run.champion_version,
      priority: PRIORITY.normal,
      idempotency_key: key,
    });
  }

  /** Ends a run. What has ended stays as it is. */
  async cancel(run: RunRow, by: string): Promise<void> {
    const now = new Date().toISOString();
    if (await this.#parts.runs.cancelQueued(run.id, by, now)) {
      this.#parts.onChange(run.repository, 'runs');
      return;
    }
    const active = this.#active.get(run.id);
    if (active && !active.controller.signal.aborted) {
      await this.#parts.runs.update(run.id, { cancelled_by: by });
      active.controller.abort({ kind: 'cancelled', by } satisfies StopReason);
    }
  }

  /** What a run that has not ended waits for, in a sentence; null where it waits for nothing. */
  async waitOf(run: Pick<RunRow, 'id' | 'status'>): Promise<string | null> {
    const jobs = this.#parts.slots.jobsAhead(run.id);
    if (jobs !== undefined) {
      return jobs === 0
        ? 'Waiting for a slot, first in the queue'
        : `Waiting for a slot: ${jobs} ${jobs === 1 ? 'job is' : 'jobs are'} ahead`;
    }
    if (run.status !== 'queued') return null;
    const queued = (await this.#parts.runs.queued()).filter(
      ({ id }) => !this.#active.has(id),
    );
    const place = queued.findIndex(({ id }) => id === run.id);
    if (place < 0) return null;
    return place === 0
      ? 'Waiting for another run to end, first in the queue'
      : `Waiting to start: ${place} ${place === 1 ? 'run is' : 'runs are'} ahead`;
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    while (this.#pumping || this.#active.size > 0) {
      await this.#pumping;
      await Promise.all([...this.#active.values()].map(({ done }) => done));
    }
  }

  async #ask(
    repository: string,
    run: Pick<
      NewRun,
      | 'plan'
      | 'kind'
      | 'trigger'
      | 'ref'
      | 'commit'
      | 'priority'
      | 'idempotency_key'
    > &
      Partial<NewRun>,
  ): Promise<RunRow> {
    const { message, author } = await this.#parts.repositories.commit(
      repository,
      run.commit,
    );
    const { run: row, created } = await this.#parts.runs.create({
      id: crypto.randomUUID(),
      repository,
      attempt: 1,
      status: 'queued',
      reason: null,
      commit_message: message,
      author,
      subject_version: null,
      champion_version: null,
      created_at: new Date().toISOString(),
      ...run,
    });
    if (created) {
      this.#parts.onChange(repository, 'runs');
      this.#pump();
    }
    return row;
  }

  #pump(): void {
    if (this.#stopped) return;
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = this.#startDue()
      .catch(error => this.#parts.logger.error('Cannot start runs', error))
      .finally(() => {
        this.#pumping = undefined;
        if (this.#again) {
          this.#again = false;
          this.#pump();
        }
      });
  }

  async #startDue(): Promise<void> {
    const waiting = new Set<string>();
    let begun = false;
    for (const run of await this.#parts.runs.queued()) {
      if (this.#active.has(run.id)) continue;
      if (!this.#stopped && this.#mayStart(run)) {
        this.#begin(run);
        begun = true;
      } else {
        waiting.add(run.repository);
      }
    }
    if (!begun) return;
    for (const repository of waiting) this.#parts.onChange(repository, 'runs');
  }

  #mayStart(run: RunRow): boolean {
    const others = [...this.#active.values()];
    if (
      run.plan === 'full' &&
      others.some(
        other => other.plan === 'full' && other.repository === run.repository,
      )
    ) {
      return false;
    }
    const ahead = others.filter(other => other.priority >= run.priority);
    return ahead.length < this.#parts.slots.total;
  }

  #begin(run: RunRow): void {
    const controller = new AbortController();
    const done = this.#parts.executor
      .execute(run, controller.signal, this.#stopping.signal)
      .catch(async error => {
        this.#parts.logger.error(`Run ${run.id} cannot be executed`, error);
        // It waits still, and would be begun again at once.
        await sleep(AGAIN_MS, undefined, {
          signal: this.#stopping.signal,
        }).catch(() => {});
      })
      .finally(() => {
        this.#active.delete(run.id);
        this.#pump();
      });
    this.#active.set(run.id, {
      repository: run.repository,
      plan: run.plan,
      priority: run.priority,
      controller,
      done,
    });
  }
}
