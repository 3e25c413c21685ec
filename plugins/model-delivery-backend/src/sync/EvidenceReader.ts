import { NotFoundError } from '@backstage/errors';
import type {
  EvidencePending,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { problemOf } from '../providers/problemOf';
import { targetOf } from '../providers/targetOf';
import type { PartialRead } from './PartialRead';
import { readEvidence } from './readEvidence';

/**
 * How many of the newest versions have their evidence read before anybody asks. Gates judge the
 * newest one and those that are live; of all others few are ever looked at, and each takes calls.
 */
const AHEAD = 1;
/** A request to deploy waits this long for evidence that was never read. */
const PATIENCE_MS = 5_000;
/** What is read behind a page. */
const TIMEOUT_MS = 30_000;
const AT_ONCE = 8;
/** A registry that could not tell is left alone for this long. */
const AGAIN_MS = 30_000;
const PROBLEMS = 1_000;

interface Options {
  stores: Stores;
  registry: ProviderRegistry;
  /** Told after something was read behind a page. */
  onRead: (entityRef: string) => Promise<void>;
  now: () => Date;
}

/** Reads what registries know was proved about versions, once for each. */
export class EvidenceReader {
  readonly #options: Options;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #limit = pLimit(AT_ONCE);
  /** By version: why it could not be loaded a moment ago. */
  readonly #problems = new LRUCache<string, string>({
    max: PROBLEMS,
    ttl: AGAIN_MS,
  });

  constructor(options: Options) {
    this.#options = options;
  }

  /** Waits until what is read behind pages has ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /**
   * Of the newest versions and those that are live.
   *
   * @param items - takes what does not hold; it stays unknown, and is asked for again.
   * @returns whether anything is new.
   */
  async readAhead(
    spec: ModelSpec,
    items: PartialRead,
    context: ProviderContext,
  ): Promise<boolean> {
    const live = await this.#options.stores.live.current(spec.entityRef);
    const missing = await this.#missing(
      spec,
      [...live.values()].map(i => i.version),
      AHEAD,
    );
    let changed = false;
    for (const version of missing) {
      const news = await items.read(version, async () => {
        await this.#read(spec, version, context);
        return true;
      });
      changed ||= news ?? false;
    }
    return changed;
  }

  /**
   * Of the versions that a page shows: begins to read what nobody has looked at before. The page
   * updates itself when it arrives, and does not wait.
   *
   * @returns what is not known yet; null where all is.
   */
  async lookAt(
    spec: ModelSpec,
    versions: string[],
  ): Promise<EvidencePending | null> {
    const missing = await this.#missing(spec, versions);
    if (missing.length === 0) return null;
    for (const version of missing) this.#begin(spec, version);
    const problems = missing.flatMap(
      version => this.#problems.get(keyOf(spec, version)) ?? [],
    );
    return { versions: missing, problem: problems[0] ?? null };
  }

  /**
   * Of a version about which is decided now. Never throws: what cannot be read in time stays
   * unknown, and is asked for again.
   */
  async readNow(spec: ModelSpec, version: string): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (const missing of await this.#missing(spec, [version])) {
      await this.#read(spec, missing, { signal }).catch(() => undefined);
    }
  }

  #missing(spec: ModelSpec, named: string[], count = 0): Promise<string[]> {
    return this.#options.stores.versions.withoutEvidence(spec.entityRef, {
      count,
      named,
    });
  }

  #begin(spec: ModelSpec, version: string): void {
    const key = keyOf(spec, version);
    if (this.#underWay.has(key) || this.#problems.has(key)) return;
    const work = this.#limit(async () => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      await this.#read(spec, version, { signal });
      await this.#options.onRead(spec.entityRef);
    })
      .catch(error => {
        this.#problems.set(key, problemOf(error, TIMEOUT_MS).message);
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
  }

  async #read(
    spec: ModelSpec,
    version: string,
    context: ProviderContext,
  ): Promise<void> {
    const { stores, registry, now } = this.#options;
    if (!spec.versions) {
      throw new NotFoundError(
        `${spec.name} names no registry; add spec.versions`,
      );
    }
    const provider = registry.get('versions', spec.versions.provider);
    const model = targetOf(spec, spec.versions);
    const known = await stores.versions.get(spec.entityRef, version);
    await stores.versions.putEvidence(
      spec.entityRef,
      { type: 'version', id: version },
      await readEvidence(
        provider,
        model,
        { version, createdAt: known?.createdAt },
        context,
      ),
    );
    // Written last: a crash before this line reads it again.
    await stores.versions.markEvidenceRead(
      spec.entityRef,
      version,
      now().toISOString(),
    );
  }
}

function keyOf(spec: ModelSpec, version: string): string {
  return `${spec.entityRef} ${version}`;
}
