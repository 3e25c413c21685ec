import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { EvidenceReader } from './EvidenceReader';
import { PartialRead } from './PartialRead';
import { ListedItems } from './ListedItems';
import type { Syncer } from './Syncer';
import { VersionReading } from './VersionReading';

const AGAIN_SECONDS = { quiet: 60, unfinished: 1 };

interface Options {
  stores: Stores;
  registry: ProviderRegistry;
  evidence: EvidenceReader;
  /** Told of new versions before what was proved about them is read, which takes longer. */
  onNews: (entityRef: string) => Promise<void>;
  /** Told after versions of a model were read, with what was proved about them. */
  onRead: (spec: ModelSpec) => Promise<void>;
  now: () => Date;
}

/** Reads versions, then the evidence of those that are looked at. Deletes nothing. */
export class VersionSyncer implements Syncer {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const { stores, registry, evidence, onNews, onRead, now } = this.#options;
    const provider = registry.get('versions', providerId);
    const quiet = provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS.quiet;
    if (!spec.versions) return { changed: false, againInSeconds: quiet };
    const items = await ListedItems.of(
      stores,
      spec.entityRef,
      `versions:${providerId}`,
      now,
    );
    const reading = new VersionReading(
      stores,
      provider,
      targetOf(spec, spec.versions),
      items,
      context,
      now(),
    );
    const finished = await reading.readHistory();
    if (reading.changed) await onNews(spec.entityRef);
    await reading.readAliased();
    const proofs = new PartialRead();
    const proved = await evidence.readAhead(spec, proofs, context);
    await onRead(spec);
    return {
      changed: reading.changed || proved,
      againInSeconds: finished ? quiet : AGAIN_SECONDS.unfinished,
      missing: items.missing ?? proofs.missing,
    };
  }
}
