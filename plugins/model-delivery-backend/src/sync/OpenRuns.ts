import { isDeepStrictEqual } from 'node:util';
import type { Job, Step } from '@slipway/plugin-model-delivery-common/schema';
import {
  type ProviderContext,
  ProviderError,
  type ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { ENDED, pipelineKey, type StoredRun } from '../database/RunStore';
import type { Stores } from '../database/stores';
import { runOf } from './answers';
import type { ListedItems } from './ListedItems';
import type { Pipeline, RunRecorder } from './RunRecorder';

/** In one go; those left over are the first of the next. */
const AT_MOST = 10;

/**
 * Reads runs again that no page holds any more: those that had not ended when they were read last,
 * such as one that has waited for its reviewer for days, and those that could not be loaded.
 */
export class OpenRuns {
  readonly #stores: Stores;
  readonly #recorder: RunRecorder;
  readonly #now: () => Date;

  constructor(stores: Stores, recorder: RunRecorder, now: () => Date) {
    this.#stores = stores;
    this.#recorder = recorder;
    this.#now = now;
  }

  /**
   * @param pipelines - all of a model that one provider runs; at least one.
   * @param seen - ids of the runs that were on a page just now.
   * @returns whether anything is new.
   */
  async readAgain(
    pipelines: Pipeline[],
    items: ListedItems,
    seen: string[],
    context: ProviderContext,
  ): Promise<boolean> {
    const [{ spec, provider }] = pipelines;
    if (!provider.getRun) {
      // Nobody can be asked about them any more.
      for (const id of items.left) await items.forget(id);
      return false;
    }
    const open = await this.#stores.runs.open(spec.entityRef, provider.id, {
      except: seen,
      limit: AT_MOST,
    });
    // Before they are read: one that can't be does not keep the others from their turn.
    await this.#stores.runs.markLooked(
      spec.entityRef,
      open.map(({ run }) => run.id),
      this.#now().toISOString(),
    );
    const asked = new Map<string, StoredRun | undefined>(
      items.left.map(id => [id, undefined]),
    );
    for (const stored of open) asked.set(stored.run.id, stored);
    let changed = false;
    for (const [id, stored] of asked) {
      const news = await items.read(id, () =>
        this.#readOne(pipelines, id, stored, context),
      );
      changed ||= news ?? false;
    }
    return changed;
  }

  /** @returns whether anything about it is new. */
  async #readOne(
    pipelines: Pipeline[],
    id: string,
    stored: StoredRun | undefined,
    context: ProviderContext,
  ): Promise<boolean> {
    const found = await this.#find(pipelines, id, stored?.pipeline, context);
    if (found) {
      await this.#recorder.record(found.pipeline, found.run, context);
    } else if (stored) {
      await this.#giveUp(pipelines[0], stored);
    }
    return !isDeepStrictEqual(
      stored?.run,
      found && { ...found.run, provider: found.pipeline.provider.id },
    );
  }

  /**
   * Asks the pipeline that the run was read from. Where that is not known, or the entity declares it
   * no more, all are asked: a run's id is one of the whole model.
   */
  async #find(
    pipelines: Pipeline[],
    id: string,
    key: string | null | undefined,
    context: ProviderContext,
  ): Promise<{ pipeline: Pipeline; run: ProviderRun } | undefined> {
    const own = pipelines.filter(
      ({ model }) => pipelineKey(model.target) === key,
    );
    for (const pipeline of own.length > 0 ? own : pipelines) {
      const { provider, model } = pipeline;
      try {
        const found = await provider.getRun?.(model, id, context);
        return { pipeline, run: runOf(provider, id, found) };
      } catch (error) {
        const isGone =
          error instanceof ProviderError && error.kind === 'not-found';
        if (!isGone) throw error;
      }
    }
    return undefined;
  }

  /** Nothing of it is erased; it ended, and how is not known. */
  async #giveUp(
    { spec, provider }: Pipeline,
    { run, jobs, pipeline, lookedAt }: StoredRun,
  ): Promise<void> {
    const at = this.#now().toISOString();
    const finishedAt = lookedAt ?? at;
    await this.#stores.runs.upsert(
      spec.entityRef,
      {
        ...run,
        status: 'interrupted',
        reason: `${provider.title} no longer has this run, so how it ended is not known; it was ${run.status} when it was last seen.`,
        finishedAt,
      },
      jobs.map(job => ended(job, finishedAt)),
      { pipeline, at },
    );
  }
}

function ended(job: Job, at: string): Job {
  const steps = job.steps.map(step => interrupted(step, at));
  return interrupted({ ...job, steps }, at);
}

function interrupted<T extends Job | Step>(part: T, at: string): T {
  return part.status === 'skipped' || ENDED.includes(part.status)
    ? part
    : { ...part, status: 'interrupted', finishedAt: at };
}
