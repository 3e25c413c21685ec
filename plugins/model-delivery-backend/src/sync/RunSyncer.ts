import {
  type ModelSpec,
  repository,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { ListedItems } from './ListedItems';
import { OpenRuns } from './OpenRuns';
import { RunPages } from './RunPages';
import { type Pipeline, RunRecorder } from './RunRecorder';
import type { Syncer } from './Syncer';

const PACE = { busy: 5, quiet: 60 };

/**
 * Reads runs, newest first, until a page holds nothing new, and then those again that had not ended
 * and are on no such page. Nothing is ever deleted, so an upstream that forgets or answers with
 * nothing erases nothing. A run whose jobs or evidence do not hold stays as a whole as it was known.
 */
export class RunSyncer implements Syncer {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #now: () => Date;
  readonly #pages: RunPages;
  readonly #openRuns: OpenRuns;

  constructor(stores: Stores, registry: ProviderRegistry, now: () => Date) {
    this.#stores = stores;
    this.#registry = registry;
    this.#now = now;
    const recorder = new RunRecorder(stores, registry, now);
    this.#pages = new RunPages(stores, recorder);
    this.#openRuns = new OpenRuns(stores, recorder, now);
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.#registry.get('pipelines', providerId);
    const pipelines = spec.pipelines
      .filter(target => target.provider === providerId)
      .map(target => ({ spec, provider, model: targetOf(spec, target) }));
    const items = await ListedItems.of(
      this.#stores,
      spec.entityRef,
      `pipelines:${providerId}`,
      this.#now,
    );
    let changed = false;
    const seen: string[] = [];
    for (const pipeline of pipelines) {
      const news = await this.#pages.read(pipeline, items, seen, context);
      changed ||= news;
      await this.#readRepository(pipeline, context);
    }
    if (pipelines.length > 0) {
      const again = await this.#openRuns.readAgain(
        pipelines,
        items,
        seen,
        context,
      );
      changed ||= again;
    }
    items.failWhereNothingHeld();
    const open = await this.#stores.runs.open(spec.entityRef, providerId, {
      except: [],
      limit: 1,
    });
    const activity = open.length > 0 ? 'busy' : 'quiet';
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.(activity) ?? PACE[activity],
      missing: items.missing,
    };
  }

  async #readRepository(
    { spec, provider, model }: Pipeline,
    context: ProviderContext,
  ): Promise<void> {
    if (!provider.repository) return;
    const found = parseAnswer(
      provider,
      { thing: 'where the code is', part: 'repository' },
      repository,
      await provider.repository(model, context),
    );
    await this.#stores.models.setRepository(spec.entityRef, found);
  }
}
