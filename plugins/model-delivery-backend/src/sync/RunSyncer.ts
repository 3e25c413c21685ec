import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { OpenRuns } from './OpenRuns';
import { RunPages } from './RunPages';
import { RunRecorder } from './RunRecorder';
import type { Syncer } from './Syncer';

const PACE = { busy: 5, quiet: 60 };

/**
 * Reads runs, newest first, until a page holds nothing new, and then those again that had not ended
 * and are on no such page. Nothing is ever deleted, so an upstream that forgets or answers with
 * nothing erases nothing.
 */
export class RunSyncer implements Syncer {
  readonly #pages: RunPages;
  readonly #openRuns: OpenRuns;

  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    now: () => Date,
  ) {
    const recorder = new RunRecorder(stores, registry, now);
    this.#pages = new RunPages(stores, recorder);
    this.#openRuns = new OpenRuns(stores, recorder, now);
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('pipelines', providerId);
    const pipelines = spec.pipelines
      .filter(target => target.provider === providerId)
      .map(target => ({ spec, provider, model: targetOf(spec, target) }));
    let changed = false;
    const seen: string[] = [];
    for (const pipeline of pipelines) {
      if (await this.#pages.read(pipeline, seen, context)) changed = true;
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
}
