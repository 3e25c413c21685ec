import { isDeepStrictEqual } from 'node:util';
import type {
  ModelSpec,
  Run,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  ModelTarget,
  PipelineProvider,
  ProviderContext,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { ENDED } from '../database/RunStore';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Syncer } from './Syncer';

const PAGE = 50;
/** How far back a first sync reads: older runs are history that nobody pages to. */
const MAX_PAGES = 20;
const PACE = { busy: 5, quiet: 60 };

/**
 * Reads runs, newest first, until a page holds nothing new. Nothing is ever deleted, so an
 * upstream that forgets or answers with nothing erases nothing.
 */
export class RunSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('pipelines', providerId);
    let changed = false;
    for (const target of spec.pipelines.filter(
      p => p.provider === providerId,
    )) {
      const model = targetOf(spec, target);
      if (await this.#syncPipeline(spec, provider, model, context))
        changed = true;
      if (provider.repository) {
        await this.stores.models.setRepository(
          spec.entityRef,
          await provider.repository(model, context),
        );
      }
    }
    const open = await this.stores.runs.openIds(spec.entityRef);
    const activity = open.length > 0 ? 'busy' : 'quiet';
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.(activity) ?? PACE[activity],
    };
  }

  async #syncPipeline(
    spec: ModelSpec,
    provider: PipelineProvider,
    model: ModelTarget,
    context: ProviderContext,
  ): Promise<boolean> {
    let cursor: string | undefined;
    let changed = false;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await provider.listRuns(
        model,
        { cursor, limit: PAGE },
        context,
      );
      const known = await this.stores.runs.find(
        spec.entityRef,
        page.items.map(r => r.id),
      );
      let news = 0;
      for (const item of page.items) {
        const before = known.get(item.id);
        if (before && isSettled(before, item, provider.id)) continue;
        news += 1;
        await this.#store(spec, provider, model, item, context);
      }
      changed ||= news > 0;
      cursor = page.nextCursor;
      if (!cursor || news < page.items.length) break;
    }
    return changed;
  }

  async #store(
    spec: ModelSpec,
    provider: PipelineProvider,
    model: ModelTarget,
    item: ProviderRun,
    context: ProviderContext,
  ): Promise<void> {
    const jobs = await provider.getJobs(model, item.id, context);
    const evidence = await provider.getEvidence(model, item.id, context);
    await this.stores.versions.putEvidence(
      spec.entityRef,
      { type: 'run', id: item.id },
      evidence,
    );
    if (
      item.trigger === 'evaluation' &&
      item.version &&
      ENDED.includes(item.status)
    ) {
      await this.#renewEvidence(spec, item.version, context);
    }
    // Written last: a crash before this line reads the run again.
    await this.stores.runs.upsert(
      spec.entityRef,
      { ...item, provider: provider.id },
      jobs,
    );
  }

  /** A version that was evaluated again has newer evidence in its registry. */
  async #renewEvidence(
    spec: ModelSpec,
    version: string,
    context: ProviderContext,
  ): Promise<void> {
    const target = spec.versions;
    const registry = target && this.registry.find('versions', target.provider);
    if (!registry || !target) return;
    await this.stores.versions.putEvidence(
      spec.entityRef,
      { type: 'version', id: version },
      await registry.getEvidence(targetOf(spec, target), version, context),
    );
  }
}

function isSettled(before: Run, item: ProviderRun, provider: string): boolean {
  return (
    ENDED.includes(before.status) &&
    isDeepStrictEqual(before, { ...item, provider })
  );
}
