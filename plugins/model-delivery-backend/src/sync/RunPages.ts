import { isDeepStrictEqual } from 'node:util';
import type { Run } from '@slipway/plugin-model-delivery-common/schema';
import {
  type ProviderContext,
  ProviderError,
  type ProviderIdentity,
} from '@slipway/plugin-model-delivery-node';
import { ENDED, pipelineKey } from '../database/RunStore';
import type { Stores } from '../database/stores';
import { idOf, pageOf, providerRun, runOf } from './answers';
import type { ListedItems } from './ListedItems';
import type { Pipeline, RunRecorder } from './RunRecorder';

const PAGE = 50;
/** How far back one go reads: older runs are history that nobody pages to. */
const MAX_PAGES = 20;
/** Where nothing was read yet. */
const TOP = '';

interface ListedRun {
  id: string;
  /** As the provider told it. */
  answer: unknown;
  isSettled: boolean;
}

/** One go at one pipeline. */
class Go {
  readonly #stores: Stores;
  readonly #recorder: RunRecorder;
  readonly #pipeline: Pipeline;
  readonly #items: ListedItems;
  readonly #seen: string[];
  readonly #context: ProviderContext;
  changed = false;
  readonly #key: string;
  /** As it is noted. */
  #left: string | undefined;

  constructor(
    stores: Stores,
    recorder: RunRecorder,
    pipeline: Pipeline,
    items: ListedItems,
    seen: string[],
    context: ProviderContext,
  ) {
    this.#stores = stores;
    this.#recorder = recorder;
    this.#pipeline = pipeline;
    this.#items = items;
    this.#seen = seen;
    this.#context = context;
    this.#key = pipelineKey(pipeline.model.target);
  }

  async left(): Promise<string | undefined> {
    const { entityRef } = this.#pipeline.spec;
    this.#left = await this.#stores.runs.left(entityRef, this.#key);
    return this.#left;
  }

  async resume(cursor: string): Promise<void> {
    try {
      await this.from(cursor, 'to the end');
    } catch (error) {
      // A cursor that is not taken any more: the next go reads everything from the top.
      if (error instanceof ProviderError && error.kind === 'bad-data') {
        await this.#note(TOP);
      }
      throw error;
    }
  }

  async finish(): Promise<void> {
    await this.#note(undefined);
  }

  /**
   * `spoilt`: nothing on the newest page holds, and what lies below is no better. It stays noted that
   * all is to be read.
   */
  async from(
    start: string | undefined,
    how: 'to the end' | 'to what is settled',
  ): Promise<'end' | 'settled' | 'spoilt'> {
    const { provider, model } = this.#pipeline;
    let cursor = start;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = pageOf(
        provider,
        'runs',
        await provider.listRuns(model, { cursor, limit: PAGE }, this.#context),
      );
      const runs = await this.#sort(page.items);
      const settled = runs.filter(run => run.isSettled).length;
      const stops = how === 'to what is settled' && settled > 0;
      const next = page.nextCursor;
      // Before anything of the page is kept.
      if (next && !stops) await this.#note(cursor ?? TOP);
      const news = await this.#keep(runs);
      this.changed ||= news > 0;
      if (!next) return 'end';
      if (stops) return 'settled';
      if (!cursor && runs.length > 0 && settled + news === 0) return 'spoilt';
      await this.#note(next);
      cursor = next;
    }
    return 'end';
  }

  async #sort(answers: unknown[]): Promise<ListedRun[]> {
    const { spec, provider } = this.#pipeline;
    const ids = answers.map(answer => idOf(provider, answer));
    this.#seen.push(...ids);
    const known = await this.#stores.runs.find(spec.entityRef, ids);
    return answers.map((answer, index) => {
      const id = ids[index];
      return {
        id,
        answer,
        isSettled: isSettled(known.get(id), answer, provider),
      };
    });
  }

  /** @returns how many were new. */
  async #keep(runs: ListedRun[]): Promise<number> {
    const { provider } = this.#pipeline;
    let news = 0;
    for (const run of runs) {
      const isNew = await this.#items.read(run.id, async () => {
        if (run.isSettled) return false;
        const read = runOf(provider, run.id, run.answer);
        await this.#recorder.record(this.#pipeline, read, this.#context);
        return true;
      });
      if (isNew) news += 1;
    }
    return news;
  }

  async #note(left: string | undefined): Promise<void> {
    if (left === this.#left) return;
    const { entityRef } = this.#pipeline.spec;
    await this.#stores.runs.setLeft(entityRef, this.#key, left);
    this.#left = left;
  }
}

/**
 * Reads a pipeline's runs, newest first, until a page holds something that is settled. Where that
 * is broken off, what was read looks like all there is: so it is noted how far it came, and the next
 * go reads from there to the end.
 */
export class RunPages {
  readonly #stores: Stores;
  readonly #recorder: RunRecorder;

  constructor(stores: Stores, recorder: RunRecorder) {
    this.#stores = stores;
    this.#recorder = recorder;
  }

  /**
   * @param items - takes what does not hold.
   * @param seen - takes the ids of the runs that were on a page.
   * @returns whether anything is new.
   */
  async read(
    pipeline: Pipeline,
    items: ListedItems,
    seen: string[],
    context: ProviderContext,
  ): Promise<boolean> {
    const stores = this.#stores;
    const recorder = this.#recorder;
    const go = new Go(stores, recorder, pipeline, items, seen, context);
    const left = await go.left();
    const met = await go.from(
      undefined,
      left === TOP ? 'to the end' : 'to what is settled',
    );
    if (met === 'settled' && left !== undefined) await go.resume(left);
    if (met !== 'spoilt') await go.finish();
    return go.changed;
  }
}

/** Whether it ended before and says the same still; what does not hold is not settled. */
function isSettled(
  before: Run | undefined,
  answer: unknown,
  provider: ProviderIdentity,
): boolean {
  if (!before || !ENDED.includes(before.status)) return false;
  const run = providerRun.safeParse(answer).data;
  return isDeepStrictEqual(before, { ...run, provider: provider.id });
}
