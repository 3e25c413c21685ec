import { isDeepStrictEqual } from 'node:util';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Syncer } from './Syncer';

const PAGE = 100;
const MAX_PAGES = 200;
const AGAIN_SECONDS = 60;

/** Reads versions, newest first, until a page holds nothing new. Deletes nothing. */
export class VersionSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    /** Told after versions of a model changed. */
    private readonly onChanged: (spec: ModelSpec) => Promise<void>,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('versions', providerId);
    if (!spec.versions)
      return { changed: false, againInSeconds: AGAIN_SECONDS };
    const model = targetOf(spec, spec.versions);
    let cursor: string | undefined;
    let changed = false;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await provider.listVersions(
        model,
        { cursor, limit: PAGE },
        context,
      );
      const known = await this.stores.versions.find(
        spec.entityRef,
        page.items.map(v => v.version),
      );
      let news = 0;
      for (const item of page.items) {
        if (isDeepStrictEqual(known.get(item.version), item)) continue;
        news += 1;
        await this.stores.versions.putEvidence(
          spec.entityRef,
          { type: 'version', id: item.version },
          await provider.getEvidence(model, item.version, context),
        );
        // Written last: a crash before this line reads the version again.
        await this.stores.versions.upsert(spec.entityRef, item);
      }
      changed ||= news > 0;
      cursor = page.nextCursor;
      if (!cursor || news === 0) break;
    }
    await this.onChanged(spec);
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
    };
  }
}
