import {
  type Candidate,
  type ModelTarget,
  type Page,
  type PageRequest,
  type ProviderContext,
  ProviderError,
  type ProviderVersion,
  type VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { parseTarget } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';
import { checkedBundle } from './checkedBundle';
import type { ShelfConfig } from './config';
import { ShelfApi, type ShelfVersion } from './ShelfApi';
import { toVersion } from './toVersion';

const MOST_CANDIDATES = 50;

/** Shelf counts versions from 1. */
const VERSION = /^[1-9]\d{0,8}$/;

/** Of the entity: `versions: { provider: shelf, name: penguin-species }`. */
const shelfTarget = z.looseObject({
  name: z
    .string()
    .max(100)
    .regex(/^\w[\w.-]*$/, 'the name of a model on Shelf'),
});

/** The registry of one Shelf, as the backend reads it. */
export class ShelfVersionProvider implements VersionProvider {
  readonly #config: ShelfConfig;
  readonly id = 'shelf';
  readonly title = 'Shelf';
  readonly host: string;
  readonly #api: ShelfApi;

  constructor(config: ShelfConfig) {
    this.#config = config;
    this.#api = new ShelfApi(config);
    this.host = this.#api.host;
  }

  /** A webhook tells of what is new; without one, asking is all there is. */
  lookAgainInSeconds(): number {
    return this.#config.webhookSecret ? 1_800 : 60;
  }

  subjectOf({ target }: ModelTarget): string | null {
    return shelfTarget.safeParse(target).data?.name ?? null;
  }

  async test({ signal }: ProviderContext): Promise<string> {
    const models = await this.#api.models('', 1, signal);
    return `Shelf answers at ${this.host} and ${
      models.length > 0 ? 'shows its models' : 'has no models yet'
    }.`;
  }

  async candidates(
    search: string,
    { signal }: ProviderContext,
  ): Promise<Candidate[]> {
    const models = await this.#api.models(search, MOST_CANDIDATES, signal);
    return models.map(({ name, description }) => ({
      target: { provider: this.id, name },
      title: name,
      description,
      url: null,
      suggests: { name },
    }));
  }

  async listVersions(
    model: ModelTarget,
    { cursor, limit }: PageRequest,
    { signal }: ProviderContext,
  ): Promise<Page<ProviderVersion>> {
    if (cursor !== undefined && !VERSION.test(cursor)) {
      throw new ProviderError(
        'bad-data',
        'The cursor is not one that Shelf gave; begin again without it.',
      );
    }
    const { name } = parseTarget(shelfTarget, model.target);
    // Shelf's own cursor is a version and no count of rows, so new versions shift nothing.
    const { versions, before } = await this.#api.versions(
      name,
      { cursor, limit },
      signal,
    );
    return {
      items: versions.map(toVersion),
      ...(before && { nextCursor: String(before) }),
    };
  }

  async getVersion(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<ProviderVersion> {
    return toVersion(await this.#version(model, version, context));
  }

  /** Shelf keeps no reports; the provider of the pipeline supplies the evidence of runs. */
  async getEvidence(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<[]> {
    await this.#version(model, version, context);
    return [];
  }

  async getCard(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<string | null> {
    return (await this.#version(model, version, context)).notes;
  }

  /** Shelf does not know what goes in and out of a model. */
  async getSignature(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<null> {
    await this.#version(model, version, context);
    return null;
  }

  async openBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ) {
    const { bundle } = await this.#version(model, version, context);
    if (!bundle) {
      throw new ProviderError('not-found', `${version} has no bundle.`);
    }
    const { name } = parseTarget(shelfTarget, model.target);
    const source = await this.#api.bundle(name, version, context.signal);
    return {
      stream: checkedBundle(source, bundle.sha256, this.host),
      sizeBytes: bundle.bytes,
    };
  }

  async hasBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<boolean> {
    try {
      return (await this.#version(model, version, context)).bundle !== null;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'not-found') {
        return false;
      }
      throw error;
    }
  }

  /** Shelf moves the alias where it points already, which changes nothing. */
  async mark(
    model: ModelTarget,
    { version, alias }: { version: string; alias: string },
    context: ProviderContext,
  ): Promise<void> {
    const found = await this.#version(model, version, context);
    const { name } = parseTarget(shelfTarget, model.target);
    await this.#api.setAlias(name, alias, found.version, context.signal);
  }

  async #version(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<ShelfVersion> {
    const { name } = parseTarget(shelfTarget, model.target);
    if (!VERSION.test(version)) {
      throw new ProviderError(
        'not-found',
        `${name} has no version ${JSON.stringify(version.slice(0, 80))}: Shelf counts them from 1.`,
      );
    }
    return await this.#api.version(name, version, signal);
  }
}
