import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { nameIs } from '../api/filters';
import { inParallel } from '../api/inParallel';
import type { MlflowApi } from '../api/MlflowApi';
import type { ModelVersion, RegisteredModel, Run } from '../api/schemas';
import { versionNumber } from '../targets';
import { decodeCursor, encodeCursor } from './cursor';
import { RunReader } from './RunReader';

const AT_ONCE = 8;
/** Of one page of ours; more are read only where a pattern stands for the name. */
const MAX_SEARCHES = 20;

/** All that MLflow says of one version. */
export interface VersionFacts {
  version: ModelVersion;
  /** The run that it was made by; null where there is none or it is gone. */
  run: Run | null;
  aliases: string[];
  /** Where its files are, with `models:/` and `runs:/` resolved; null where it does not say. */
  artifactUri: string | null;
}

/** Reads versions together with what belongs to them, in few calls for a whole page. */
export class VersionReader {
  readonly #api: MlflowApi;
  readonly #runs: RunReader;

  constructor(api: MlflowApi) {
    this.#api = api;
    this.#runs = new RunReader(api);
  }

  /** Newest first. @throws ProviderError `not-found` where there is no such model. */
  async page(
    name: string,
    page: { cursor?: string; limit: number },
    signal: AbortSignal,
  ): Promise<{ items: VersionFacts[]; nextCursor?: string }> {
    const top = page.cursor && decodeCursor(page.cursor);
    const found = await this.#newest(name, top, page.limit + 1, signal);
    if (found.length === 0) {
      // An unknown name has no versions either.
      if (!top) await this.#api.model(name, signal);
      return { items: [] };
    }
    const next = found.at(page.limit);
    const model = await this.#model(name, next !== undefined, signal);
    const items = await this.#complete(
      name,
      found.slice(0, page.limit),
      version => aliasesOf(model, version),
      signal,
    );
    return { items, ...(next && { nextCursor: encodeCursor(next.version) }) };
  }

  /** @throws ProviderError `not-found` */
  async one(
    name: string,
    version: string,
    signal: AbortSignal,
  ): Promise<VersionFacts> {
    const found = await this.#api.version(
      name,
      versionNumber(name, version),
      signal,
    );
    const [facts] = await this.#complete(
      name,
      [found],
      ({ aliases }) => aliases,
      signal,
    );
    return facts;
  }

  async #newest(
    name: string,
    top: string | undefined,
    count: number,
    signal: AbortSignal,
  ): Promise<ModelVersion[]> {
    const query = {
      filter: top
        ? `${nameIs(name)} AND version_number <= ${top}`
        : nameIs(name),
      order_by: 'version_number DESC',
      max_results: count,
    };
    const found: ModelVersion[] = [];
    let token: string | undefined;
    for (let i = 0; i < MAX_SEARCHES; i += 1) {
      const answer = await this.#api.searchVersions(query, token, signal);
      // A pattern, and a database that minds no case, find other names too.
      found.push(...answer.model_versions.filter(v => v.name === name));
      token = answer.next_page_token;
      if (found.length >= count || !token) break;
      if (answer.model_versions.length === 0) break;
    }
    return found.slice(0, count);
  }

  /** For its aliases. To get it loads all its versions, so one with many is searched. */
  async #model(
    name: string,
    hasMany: boolean,
    signal: AbortSignal,
  ): Promise<RegisteredModel> {
    if (!hasMany) return await this.#api.model(name, signal);
    const { registered_models: models } = await this.#api.searchModels(
      { filter: nameIs(name), max_results: 10 },
      undefined,
      signal,
    );
    return (
      models.find(model => model.name === name) ??
      (await this.#api.model(name, signal))
    );
  }

  async #complete(
    name: string,
    versions: ModelVersion[],
    aliases: (version: ModelVersion) => string[],
    signal: AbortSignal,
  ): Promise<VersionFacts[]> {
    const runs = await this.#runs.read(
      name,
      versions.map(v => v.run_id),
      signal,
    );
    const logged = await this.#loggedModels(versions, runs, signal);
    const runIdOf = (version: ModelVersion) =>
      version.run_id || logged.get(version.source)?.runId || '';
    const more = await this.#runs.read(
      name,
      versions.map(runIdOf).filter(id => !runs.has(id)),
      signal,
    );
    return await inParallel(versions, AT_ONCE, async version => {
      const id = runIdOf(version);
      const run = runs.get(id) ?? more.get(id) ?? null;
      return {
        version,
        run,
        aliases: [...aliases(version)].sort(),
        artifactUri:
          logged.get(version.source)?.uri ??
          (await this.#resolve(version, run, signal)),
      };
    });
  }

  /** By source, where that is a logged model, as MLflow 3 has it. */
  async #loggedModels(
    versions: ModelVersion[],
    runs: ReadonlyMap<string, Run>,
    signal: AbortSignal,
  ): Promise<Map<string, { uri: string | null; runId: string }>> {
    const wanted = new Map(
      versions.flatMap(({ source }) => {
        const match = /^models:\/(m-[\w-]+)$/.exec(source);
        return match ? [[match[1], source] as const] : [];
      }),
    );
    const experiments = new Set(
      [...runs.values()].map(run => run.info.experiment_id),
    );
    const found =
      wanted.size > 0 && experiments.size > 0
        ? await this.#api.loggedModels(
            [...experiments],
            [...wanted.keys()],
            signal,
          )
        : [];
    const known = new Set(found.map(({ info }) => info.model_id));
    const others = await inParallel(
      [...wanted.keys()].filter(id => !known.has(id)),
      AT_ONCE,
      id => orNull(this.#api.loggedModel(id, signal)),
    );
    return new Map(
      [...found, ...others].flatMap(model => {
        const source = model && wanted.get(model.info.model_id);
        return source
          ? [
              [
                source,
                {
                  uri: model.info.artifact_uri || null,
                  runId: model.info.source_run_id,
                },
              ],
            ]
          : [];
      }),
    );
  }

  async #resolve(
    { name, version, source }: ModelVersion,
    run: Run | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    const ofRun = /^runs:\/([\w-]+)\/?(.*)$/.exec(source);
    if (ofRun && run?.info.run_id === ofRun[1] && run.info.artifact_uri) {
      return [run.info.artifact_uri, ofRun[2]].filter(Boolean).join('/');
    }
    if (/^models:\/(?!m-)/.test(source)) {
      const uri = await orNull(this.#api.downloadUri(name, version, signal));
      return uri || source;
    }
    return source || null;
  }
}

function aliasesOf(model: RegisteredModel, { version }: ModelVersion) {
  return model.aliases
    .filter(entry => entry.version === version)
    .map(({ alias }) => alias);
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not-found') {
      return null;
    }
    throw error;
  }
}
