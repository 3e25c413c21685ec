import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';

/**
 * How many of the newest versions have their evidence read before anybody asks. Gates judge the
 * newest one and those that are live; of all others few are ever looked at, and each takes calls.
 */
const AHEAD = 1;
/** A page waits this long for what was never looked at, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Reads what registries know was proved about versions, once for each. */
export class EvidenceReader {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    private readonly now: () => Date,
  ) {}

  /** Of the newest versions and those that are live. */
  async readAhead(spec: ModelSpec, context: ProviderContext): Promise<boolean> {
    const live = await this.stores.live.current(spec.entityRef);
    const missing = await this.stores.versions.withoutEvidence(spec.entityRef, {
      count: AHEAD,
      named: [...live.values()].map(i => i.version),
    });
    await this.#read(spec, missing, context);
    return missing.length > 0;
  }

  /**
   * Of the versions that somebody looks at now. Never throws: what cannot be read stays unknown,
   * and is asked for again.
   */
  async ensure(spec: ModelSpec, versions: string[]): Promise<void> {
    const missing = await this.stores.versions.withoutEvidence(spec.entityRef, {
      count: 0,
      named: versions,
    });
    if (missing.length === 0) return;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await this.#read(spec, missing, { signal }).catch(() => undefined);
  }

  async #read(
    spec: ModelSpec,
    versions: string[],
    context: ProviderContext,
  ): Promise<void> {
    const provider =
      spec.versions && this.registry.find('versions', spec.versions.provider);
    if (!provider || !spec.versions) return;
    const model = targetOf(spec, spec.versions);
    for (const version of versions) {
      await this.stores.versions.putEvidence(
        spec.entityRef,
        { type: 'version', id: version },
        await provider.getEvidence(model, version, context),
      );
      // Written last: a crash before this line reads it again.
      await this.stores.versions.markEvidenceRead(
        spec.entityRef,
        version,
        this.now().toISOString(),
      );
    }
  }
}
