import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { KnownAuthors } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { problemOf } from '../providers/problemOf';
import { targetOf } from '../providers/targetOf';

const CALL_TIMEOUT_MS = 20_000;

/** Finds who wrote the commits of a version since the version that is live. */
export class AuthorFinder {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;

  constructor(stores: Stores, registry: ProviderRegistry) {
    this.#stores = stores;
    this.#registry = registry;
  }

  /**
   * Asks the providers of the model's pipelines, unless the answer for the same commits is known: a
   * range of commits does not change.
   *
   * @returns the authors, or why they are unknown. Never throws.
   */
  async find(
    spec: ModelSpec,
    versions: { live: string | null; next: string },
    known: KnownAuthors | null,
    signal: AbortSignal,
  ): Promise<KnownAuthors> {
    const { live, next } = versions;
    const found = await this.#stores.versions.find(
      spec.entityRef,
      live === null ? [next] : [live, next],
    );
    const from = live === null ? null : (found.get(live)?.commit ?? null);
    const to = found.get(next)?.commit ?? null;
    if (known?.emails && known.from === from && known.to === to) return known;
    const range = { since: live, from, to };
    const unknown = (problem: string): KnownAuthors => ({
      ...range,
      emails: null,
      names: null,
      problem,
    });
    if (to === null) return unknown(`The commit of ${next} is unknown.`);
    if (live !== null && from === null) {
      return unknown(`The commit of ${live}, which is live, is unknown.`);
    }
    for (const target of spec.pipelines) {
      const provider = this.#registry.find('pipelines', target.provider);
      if (!provider?.authors) continue;
      try {
        const authors = await provider.authors(
          targetOf(spec, target),
          { from, to },
          {
            signal: AbortSignal.any([
              signal,
              AbortSignal.timeout(CALL_TIMEOUT_MS),
            ]),
          },
        );
        return {
          ...range,
          emails: unique(authors.map(a => a.email.toLocaleLowerCase('en-US'))),
          names: unique(authors.map(a => a.name)),
          problem: null,
        };
      } catch (error) {
        return unknown(
          `${provider.title}: ${problemOf(error, CALL_TIMEOUT_MS).message}`,
        );
      }
    }
    return unknown(
      'No source of the model can tell who wrote the commits. Remove notByAuthors from the environment to deliver without it.',
    );
  }
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}
