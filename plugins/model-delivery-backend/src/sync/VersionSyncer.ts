import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { EvidenceReader } from './EvidenceReader';
import type { Syncer } from './Syncer';
import { VersionReading } from './VersionReading';

const AGAIN_SECONDS = { quiet: 60, unfinished: 1 };

/** Reads versions, then the evidence of those that are looked at. Deletes nothing. */
export class VersionSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    private readonly evidence: EvidenceReader,
    private readonly now: () => Date,
    /** Told after versions of a model were read. */
    private readonly onRead: (spec: ModelSpec) => Promise<void>,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('versions', providerId);
    const quiet = provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS.quiet;
    if (!spec.versions) return { changed: false, againInSeconds: quiet };
    const reading = new VersionReading(
      this.stores,
      provider,
      targetOf(spec, spec.versions),
      context,
      this.now(),
    );
    const finished = await reading.readHistory();
    await reading.readAliased();
    const proved = await this.evidence.readAhead(spec, context);
    await this.onRead(spec);
    return {
      changed: reading.changed || proved,
      againInSeconds: finished ? quiet : AGAIN_SECONDS.unfinished,
    };
  }
}
