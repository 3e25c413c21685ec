import { isDeepStrictEqual } from 'node:util';
import type { Run } from '@slipway/plugin-model-delivery-common/schema';
import {
  type ProviderContext,
  ProviderError,
  type ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { ENDED, pipelineKey } from '../database/RunStore';
import type { Stores } from '../database/stores';
import type { Pipeline, RunRecorder } from './RunRecorder';

const PAGE = 50;
/** How far back one go reads: older runs are history that nobody pages to. */
const MAX_PAGES = 20;
/** Where nothing was read yet. */
const TOP = '';

/** One go at one pipeline. */
class Go {
  changed = false;
  readonly #key: string;
  /** As it is noted. */
  #left: string | undefined;

  constructor(
    private readonly stores: Stores,
    private readonly recorder: RunRecorder,
    private readonly pipeline: Pipeline,
    private readonly seen: string[],
    private readonly context: ProviderContext,
  ) {
    this.#key = pipelineKey(pipeline.model.target);
  }

  async left(): Promise<string | undefined> {
    const { entityRef } = this.pipeline.spec;
    this.#left = await this.stores.runs.left(entityRef, this.#key);
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

  async from(
    start: string | undefined,
    how: 'to the end' | 'to what is settled',
  ): Promise<'end' | 'settled'> {
    const { provider, model } = this.pipeline;
    let cursor = start;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await provider.listRuns(
        model,
        { cursor, limit: PAGE },
        this.context,
      );
      const news = await this.#newsOf(page.items);
      const stops =
        how === 'to what is settled' && news.length < page.items.length;
      const next = page.nextCursor;
      // Before anything of the page is kept.
      if (next && !stops) await this.#note(cursor ?? TOP);
      for (const item of news) {
        await this.recorder.record(this.pipeline, item, this.context);
      }
      this.changed ||= news.length > 0;
      if (!next) return 'end';
      if (stops) return 'settled';
      await this.#note(next);
      cursor = next;
    }
    return 'end';
  }

  async #newsOf(items: ProviderRun[]): Promise<ProviderRun[]> {
    const { spec, provider } = this.pipeline;
    const ids = items.map(({ id }) => id);
    this.seen.push(...ids);
    const known = await this.stores.runs.find(spec.entityRef, ids);
    return items.filter(item => {
      const before = known.get(item.id);
      return !before || !isSettled(before, item, provider.id);
    });
  }

  async #note(left: string | undefined): Promise<void> {
    if (left === this.#left) return;
    const { entityRef } = this.pipeline.spec;
    await this.stores.runs.setLeft(entityRef, this.#key, left);
    this.#left = left;
  }
}

/**
 * Reads a pipeline's runs, newest first, until a page holds something that is settled. Where that
 * is broken off, what was read looks like all there is: so it is noted how far it came, and the next
 * go reads from there to the end.
 */
export class RunPages {
  constructor(
    private readonly stores: Stores,
    private readonly recorder: RunRecorder,
  ) {}

  /**
   * @param seen - takes the ids of the runs that were on a page.
   * @returns whether anything is new.
   */
  async read(
    pipeline: Pipeline,
    seen: string[],
    context: ProviderContext,
  ): Promise<boolean> {
    const go = new Go(this.stores, this.recorder, pipeline, seen, context);
    const left = await go.left();
    if (left === TOP) {
      await go.from(undefined, 'to the end');
    } else {
      const met = await go.from(undefined, 'to what is settled');
      if (met === 'settled' && left !== undefined) await go.resume(left);
    }
    await go.finish();
    return go.changed;
  }
}

function isSettled(before: Run, item: ProviderRun, provider: string): boolean {
  return (
    ENDED.includes(before.status) &&
    isDeepStrictEqual(before, { ...item, provider })
  );
}
