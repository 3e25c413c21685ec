import type { Readable } from 'node:stream';
import type {
  Evidence,
  Signature,
  version,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type {
  ModelTarget,
  Page,
  PageRequest,
  ProviderContext,
  ProviderIdentity,
} from './common';

/**
 * A version as a registry tells it: where it is live is not the registry's to say, and what has a
 * default may be left out.
 */
export type ProviderVersion = Omit<z.input<typeof version>, 'liveIn'>;

/** A registered model that the catalog may not know yet. */
export type DiscoveredEntity = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [key: string]: unknown };
  spec: Record<string, unknown>;
};

/** Reads a model registry. */
export interface VersionProvider extends ProviderIdentity {
  /** Newest first. */
  listVersions(
    model: ModelTarget,
    page: PageRequest,
    context: ProviderContext,
  ): Promise<Page<ProviderVersion>>;
  /** @throws ProviderError `not-found` */
  getVersion(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<ProviderVersion>;
  getEvidence(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<Evidence[]>;
  /** The model card's Markdown, or null where the version has none. */
  getCard(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<string | null>;
  getSignature(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<Signature | null>;
  /**
   * Opens the deployable bundle. The stream errors when the bytes do not match the registered
   * digest, so a consumer acts only after it ended.
   */
  openBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<{ stream: Readable; sizeBytes: number | null }>;
  /** Whether the bundle can still be had; a roll back is offered only then. */
  hasBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<boolean>;
  /** Points an alias, such as an environment's name, at a version. Idempotent. */
  mark(
    model: ModelTarget,
    request: {
      version: string;
      alias: string;
      by: string;
      deploymentId: string;
    },
    context: ProviderContext,
  ): Promise<void>;
  /** Registered models for the catalog, where the registry knows enough to say. */
  discover?(context: ProviderContext): Promise<DiscoveredEntity[]>;
}
