import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ProviderTarget } from '@slipway/plugin-model-delivery-common/schema';

/** Passed to every method. Time-outs are the caller's: it aborts. */
export interface ProviderContext {
  /** The credentials of the person who caused the call, if there is one. */
  credentials?: BackstageCredentials;
  signal: AbortSignal;
}

/** The model a method is about, and the part of its spec that names the provider. */
export interface ModelTarget {
  /** Full lower-case entity ref. */
  entityRef: string;
  namespace: string;
  name: string;
  /** Of the entity: some say where its code is, such as `github.com/project-slug`. */
  annotations: Readonly<Record<string, string>>;
  /** As the entity has it: parse what you need of it, and refuse the rest with `bad-data`. */
  target: ProviderTarget;
}

export interface PageRequest {
  /** As the last answer's `nextCursor`; opaque. */
  cursor?: string;
  /** At most this many items, 1 to 100. */
  limit: number;
}

/**
 * What a provider answers is held to the schemas of `-common` before anything of it is kept; what has
 * a default may be left out. An invalid item is skipped; the rest are stored: what was known of it stays, the
 * source is shown as `partial` with provider, item and field, and the item is asked for again until
 * it holds or is `not-found`. The source fails as a whole, with kind `bad-data`, where an item lacks
 * the id or version that it would be asked for by, and where nothing of the newest page holds.
 */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** What is left of the outside system's allowance. */
export interface Budget {
  limit: number;
  remaining: number;
  /** RFC 3339 in UTC. */
  resetsAt: string;
}

/** Something in the outside system that a model could be made of. */
export interface Candidate {
  /** As the entity would name it. */
  target: ProviderTarget;
  title: string;
  description: string | null;
  url: string | null;
  /** What is known for the entity, such as a name that the catalog can hold. */
  suggests: {
    name?: string;
    owner?: string;
    annotations?: Record<string, string>;
  };
}

/** What all providers say about themselves. */
export interface ProviderIdentity {
  /** As entities name it: lower-case letters, digits and dashes. */
  readonly id: string;
  /** As pages name it. */
  readonly title: string;
  /** Host and port that it asks, as config names them; left out where it is this machine. */
  readonly host?: string;
  /** Null while it is not known. */
  budget?(): Budget | null;
  /**
   * In how many seconds to look again, after something was found under way or nothing was. Left
   * out, the backend's own pace holds.
   */
  lookAgainInSeconds?(activity: 'busy' | 'quiet'): number;
  /**
   * What a model's target is about in the outside system, such as a registered model's name. A
   * `ProviderChange` may name it, since the outside system does not know the catalog's names.
   * Null where the target does not parse. Does nothing upstream.
   */
  subjectOf?(model: ModelTarget): string | null;
  /**
   * Asks the outside system whether it is there and takes the credentials.
   *
   * @returns what it found, in a sentence. @throws ProviderError
   */
  test?(context: ProviderContext): Promise<string>;
  /** Of what a model could be made, the best match of `search` first; at most 50. */
  candidates?(search: string, context: ProviderContext): Promise<Candidate[]>;
}
