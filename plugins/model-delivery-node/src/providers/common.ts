import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ProviderTarget } from '@slipway/plugin-model-delivery-common/schema';

/** Passed to every method. Time-outs are the caller's: it aborts. */
export interface ProviderContext {
  /** Whoever asks, where a person does. */
  credentials?: BackstageCredentials;
  signal: AbortSignal;
}

/** The model a method is about, and the part of its spec that names the provider. */
export interface ModelTarget {
  /** Full lower-case entity ref. */
  entityRef: string;
  namespace: string;
  name: string;
  /** As the entity has it: parse what you need of it, and refuse the rest with `bad-data`. */
  target: ProviderTarget;
}

export interface PageRequest {
  /** As the last answer's `nextCursor`; opaque. */
  cursor?: string;
  /** At most this many items, 1 to 100. */
  limit: number;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** What all providers say about themselves. */
export interface ProviderIdentity {
  /** As entities name it: lower-case letters, digits and dashes. */
  readonly id: string;
  /** As pages name it. */
  readonly title: string;
}
