import {
  type Evidence,
  type Signature,
  signature as signatureSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type Candidate,
  type DiscoveredEntity,
  type ModelTarget,
  type Page,
  type PageRequest,
  type ProviderContext,
  ProviderError,
  type ProviderVersion,
  type VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { MlflowApi } from '../api/MlflowApi';
import { ArtifactStore, join } from '../artifacts/ArtifactStore';
import { BundleReader } from '../artifacts/BundleReader';
import { type BundlePlace, findBundle } from '../artifacts/findBundle';
import { rootsOf } from '../artifacts/roots';
import type { ServerConfig } from '../config';
import { findCandidates } from '../discovery/candidates';
import type { Discovery } from '../discovery/Discovery';
import { metricsEvidence } from '../evidence/metricsEvidence';
import { readReports } from '../evidence/readReports';
import { registeredModelOf } from '../targets';
import { aliasFor } from './aliases';
import { markOf } from './mark';
import { signatureOf } from './signature';
import { toVersion } from './toVersion';
import { type VersionFacts, VersionReader } from './VersionReader';

const MAX_CARD_BYTES = 512 * 1024;
const MAX_MODEL_FILE_BYTES = 4 * 1024 * 1024;
const QUIET_SECONDS = { webhook: 1_800, discovery: 600, neither: 60 };
const BUSY_SECONDS = 60;

/** The registry of one MLflow server, as the backend reads it. */
export class MlflowVersionProvider implements VersionProvider {
  readonly #server: ServerConfig;
  readonly #api: MlflowApi;
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly discover?: (context: ProviderContext) => Promise<DiscoveredEntity[]>;
  readonly #reader: VersionReader;
  readonly #store: ArtifactStore;
  readonly #bundles: BundleReader;

  constructor(server: ServerConfig, api: MlflowApi, discovery?: Discovery) {
    this.#server = server;
    this.#api = api;
    this.id = server.id;
    this.title = server.title;
    this.host = api.host;
    this.discover = discovery && (({ signal }) => discovery.entities(signal));
    this.#reader = new VersionReader(api);
    this.#store = new ArtifactStore(api);
    this.#bundles = new BundleReader(this.#store);
  }

  /** A webhook tells of nearly everything, discovery of new versions. */
  lookAgainInSeconds(activity: 'busy' | 'quiet'): number {
    if (activity === 'busy') return BUSY_SECONDS;
    const { quietSeconds, webhook, discovery } = this.#server;
    if (quietSeconds !== undefined) return quietSeconds;
    if (webhook) return QUIET_SECONDS.webhook;
    return QUIET_SECONDS[discovery.enabled ? 'discovery' : 'neither'];
  }

  subjectOf(model: ModelTarget): string | null {
    try {
      return registeredModelOf(model);
    } catch {
      return null;
    }
  }

  async test({ signal }: ProviderContext): Promise<string> {
    const { registered_models: models } = await this.#api.searchModels(
      { max_results: 1 },
      undefined,
      signal,
    );
    const version = await this.#api.serverVersion(signal).catch(() => {
      signal.throwIfAborted();
      return '';
    });
    const named = /^\d[\w.]{0,30}$/.test(version)
      ? `MLflow ${version}`
      : 'MLflow';
    return `${named} answers at ${this.host} and ${
      models.length > 0 ? 'shows its models' : 'shows no registered model'
    }.`;
  }

  candidates(
    search: string,
    { signal }: ProviderContext,
  ): Promise<Candidate[]> {
    return findCandidates(this.#api, this.#server, search, signal);
  }

  async listVersions(
    model: ModelTarget,
    page: PageRequest,
    { signal }: ProviderContext,
  ): Promise<Page<ProviderVersion>> {
    signal.throwIfAborted();
    const { items, nextCursor } = await this.#reader.page(
      registeredModelOf(model),
      page,
      signal,
    );
    return {
      items: items.map(facts => toVersion(this.#server, facts)),
      ...(nextCursor && { nextCursor }),
    };
  }

  async getVersion(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<ProviderVersion> {
    return toVersion(this.#server, await this.#facts(model, version, context));
  }

  async getEvidence(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<Evidence[]> {
    const facts = await this.#facts(model, version, context);
    const known = toVersion(this.#server, facts);
    const reports = await this.#ifServed(facts, roots =>
      readReports(
        this.#store,
        roots,
        this.#server.artifacts.reports,
        { runId: known.runId, at: known.createdAt },
        context.signal,
      ),
    );
    const found = reports ?? [];
    if (found.some(({ kind }) => kind === 'metrics')) return found;
    const measured = metricsEvidence(known);
    return measured ? [...found, measured] : found;
  }

  async getCard(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<string | null> {
    const facts = await this.#facts(model, version, context);
    const card = await this.#ifServed(facts, roots =>
      this.#firstText(
        roots.flatMap(root =>
          this.#server.artifacts.cards.map(file => join(root, file)),
        ),
        MAX_CARD_BYTES,
        context.signal,
      ),
    );
    if (card) {
      return card.isCut
        ? `${card.text}\n\n*The card is cut here: it has more than ${MAX_CARD_BYTES} bytes.*\n`
        : card.text;
    }
    return facts.version.description.trim() === ''
      ? null
      : facts.version.description;
  }

  /** That of a bundle kept as a folder, or else the one in the `MLmodel` file. */
  async getSignature(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<Signature | null> {
    const facts = await this.#facts(model, version, context);
    return await this.#ifServed(facts, async roots => {
      const { bundle } = this.#server.artifacts;
      const own = await this.#firstText(
        roots.map(root => join(root, bundle, 'model/signature.json')),
        MAX_MODEL_FILE_BYTES,
        context.signal,
      );
      if (own) return declaredSignature(own.text);
      // The model's own folder comes last of the roots, and is the one with such a file.
      const file = await this.#firstText(
        [...roots].reverse().map(root => join(root, 'MLmodel')),
        MAX_MODEL_FILE_BYTES,
        context.signal,
      );
      return file && signatureOf(file.text);
    });
  }

  async openBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ) {
    const facts = await this.#facts(model, version, context);
    const place = await this.#bundleOf(facts, context.signal);
    if (!place) {
      const { name } = facts.version;
      const { bundle } = this.#server.artifacts;
      throw new ProviderError(
        'not-found',
        `${name} ${version} has no bundle: neither its run nor its model has ${bundle}.tar.gz or a folder ${bundle}.`,
      );
    }
    const { digest } = toVersion(this.#server, facts);
    return {
      stream: this.#bundles.open(place, digest, context.signal),
      sizeBytes: place.kind === 'archive' ? place.sizeBytes : null,
    };
  }

  async hasBundle(
    model: ModelTarget,
    version: string,
    context: ProviderContext,
  ): Promise<boolean> {
    try {
      const facts = await this.#facts(model, version, context);
      return (await this.#bundleOf(facts, context.signal)) !== null;
    } catch (error) {
      if (
        error instanceof ProviderError &&
        ['not-found', 'unsupported'].includes(error.kind)
      ) {
        return false;
      }
      throw error;
    }
  }

  async mark(
    model: ModelTarget,
    request: {
      version: string;
      alias: string;
      by: string;
      deploymentId: string;
    },
    context: ProviderContext,
  ): Promise<void> {
    const facts = await this.#facts(model, request.version, context);
    const { name, version, tags } = facts.version;
    const alias = aliasFor(request.alias, this.#server.aliases);
    const mark = markOf(request);
    if (!facts.aliases.includes(alias)) {
      await this.#api.setAlias(name, alias, version, context.signal);
    }
    if (tags.get(mark.deployment.key) === request.deploymentId) return;
    for (const { key, value } of [mark.by, mark.at, mark.deployment]) {
      await this.#api.setVersionTag(name, version, key, value, context.signal);
    }
  }

  async #facts(
    model: ModelTarget,
    version: string,
    { signal }: ProviderContext,
  ): Promise<VersionFacts> {
    signal.throwIfAborted();
    return await this.#reader.one(registeredModelOf(model), version, signal);
  }

  async #bundleOf(
    facts: VersionFacts,
    signal: AbortSignal,
  ): Promise<BundlePlace | null> {
    return await findBundle(
      this.#store,
      rootsOf(facts, this.#api),
      this.#server.artifacts.bundle,
      signal,
    );
  }

  /** Null where another system keeps the files; MLflow still supplies its own metadata. */
  async #ifServed<T>(
    facts: VersionFacts,
    read: (roots: string[]) => Promise<T>,
  ): Promise<T | null> {
    try {
      return await read(rootsOf(facts, this.#api));
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'unsupported') {
        return null;
      }
      throw error;
    }
  }

  async #firstText(files: string[], maxBytes: number, signal: AbortSignal) {
    for (const file of files) {
      try {
        return await this.#store.text(file, maxBytes, signal);
      } catch (error) {
        if (!(error instanceof ProviderError) || error.kind !== 'not-found') {
          throw error;
        }
      }
    }
    return null;
  }
}

function declaredSignature(text: string): Signature {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = signatureSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProviderError(
    'bad-data',
    'model/signature.json in the bundle of this version is invalid.',
  );
}
