import type {
  Evidence,
  Signature,
} from '@slipway/plugin-model-delivery-common';
import type {
  DiscoveredEntity,
  ModelTarget,
  Page,
  PageRequest,
  ProviderContext,
  ProviderVersion,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import type { RunStore } from '../database/RunStore';
import type { VersionStore } from '../database/VersionStore';
import type { Repositories } from '../git/Repositories';
import { PROVIDER_ID, PROVIDER_TITLE, repositoryOf } from '../targets';
import type { ModelEntities } from './ModelEntities';
import type { Registry } from './Registry';

interface Parts {
  registry: Registry;
  versions: VersionStore;
  runs: RunStore;
  repositories: Repositories;
  entities: ModelEntities;
  onMarked: (repository: string) => void;
}

/** The registry on this machine, as the backend reads it. */
export class LocalVersionProvider implements VersionProvider {
  readonly #parts: Parts;
  readonly id = PROVIDER_ID;
  readonly title = PROVIDER_TITLE;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async listVersions(
    model: ModelTarget,
    page: PageRequest,
    { signal }: ProviderContext,
  ): Promise<Page<ProviderVersion>> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.repositories.assertExists(repository);
    return await this.#parts.versions.list(repository, page);
  }

  async getVersion(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<ProviderVersion> {
    signal.throwIfAborted();
    const found = await this.#parts.registry.get(repositoryOf(model), version);
    return found.version;
  }

  async getEvidence(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<Evidence[]> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.registry.get(repository, version);
    return await this.#parts.runs.versionEvidence(repository, version);
  }

  async getCard(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<string | null> {
    signal.throwIfAborted();
    return (await this.#parts.registry.get(repositoryOf(model), version)).card;
  }

  async getSignature(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<Signature | null> {
    signal.throwIfAborted();
    return (await this.#parts.registry.get(repositoryOf(model), version))
      .signature;
  }

  async openBundle(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ) {
    signal.throwIfAborted();
    return await this.#parts.registry.openBundle(
      repositoryOf(model),
      version,
      signal,
    );
  }

  async hasBundle(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<boolean> {
    signal.throwIfAborted();
    return await this.#parts.registry
      .bundlePath(repositoryOf(model), version)
      .then(
        () => true,
        () => false,
      );
  }

  async mark(
    model: ModelTarget,
    request: {
      version: string;
      alias: string;
      by: string;
      deploymentId: string;
    },
    { signal }: ProviderContext,
  ): Promise<void> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.registry.get(repository, request.version);
    await this.#parts.versions.mark(repository, {
      ...request,
      at: new Date().toISOString(),
    });
    this.#parts.onMarked(repository);
  }

  async discover({ signal }: ProviderContext): Promise<DiscoveredEntity[]> {
    signal.throwIfAborted();
    const all = await this.#parts.entities.all();
    return all.map(({ document }) => document);
  }
}
