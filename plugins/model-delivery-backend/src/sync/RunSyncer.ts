import { isDeepStrictEqual } from 'node:util';
import type {
  ModelSpec,
  Run,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  ProviderContext,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { ENDED } from '../database/RunStore';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { OpenRuns } from './OpenRuns';
import { type Pipeline, RunRecorder } from './RunRecorder';
import type { Syncer } from './Syncer';

const PAGE = 50;
/** How far back a first sync reads: older runs are history that nobody pages to. */
const MAX_PAGES = 20;
const PACE = { busy: 5, quiet: 60 };

/**
 * Reads runs, newest first, until a page holds nothing new, and then those again that had not ended
 * and are on no such page. Nothing is ever deleted, so an upstream that forgets or answers with
 * nothing erases nothing.
 */
export class RunSyncer implements Syncer {
  readonly #recorder: RunRecorder;
  readonly #openRuns: OpenRuns;

  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    now: () => Date,
  ) {
    this.#recorder = new RunRecorder(stores, registry, now);
    this.#openRuns = new OpenRuns(stores, this.#recorder, now);
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('pipelines', providerId);
    const pipelines = spec.pipelines
      .filter(target => target.provider === providerId)
      .map(target => ({ spec, provider, model: targetOf(spec, target) }));
    let changed = false;
    const seen: string[] = [];
    for (const pipeline of pipelines) {
      if (await this.#readPages(pipeline, seen, context)) changed = true;
      if (provider.repository) {
        await this.stores.models.setRepository(
          spec.entityRef,
          await provider.repository(pipeline.model, context),
        );
      }
    }
    if (pipelines.length > 0) {
      const again = await this.#openRuns.readAgain(pipelines, seen, context);
      changed ||= again;
    }
    const open = await this.stores.runs.open(spec.entityRef, providerId, {
      except: [],
      limit: 1,
    });
    const activity = open.length > 0 ? 'busy' : 'quiet';
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.(activity) ?? PACE[activity],
    };
  }

  /** @param seen - takes the ids of the runs that were on a page. */
  async #readPages(
    pipeline: Pipeline,
    seen: string[],
    context: ProviderContext,
  ): Promise<boolean> {
    const { spec, provider, model } = pipeline;
    let cursor: string | undefined;
    let changed = false;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await provider.listRuns(
        model,
        { cursor, limit: PAGE },
        context,
      );
      const ids = page.items.map(r => r.id);
      seen.push(...ids);
      const known = await this.stores.runs.find(spec.entityRef, ids);
      let news = 0;
      for (const item of page.items) {
        const before = known.get(item.id);
        if (before && isSettled(before, item, provider.id)) continue;
        news += 1;
        await this.#recorder.record(pipeline, item, context);
      }
      changed ||= news > 0;
      cursor = page.nextCursor;
      if (!cursor || news < page.items.length) break;
    }
    return changed;
  }
}

function isSettled(before: Run, item: ProviderRun, provider: string): boolean {
  return (
    ENDED.includes(before.status) &&
    isDeepStrictEqual(before, { ...item, provider })
  );
}
