import type { Readable } from 'node:stream';
import {
  UpstreamClient,
  type UpstreamRequest,
} from '@slipway/plugin-model-delivery-node/http';
import type { z } from 'zod';
import type { ServerConfig } from '../config';
import { explainAs } from './explain';
import { idIn } from './filters';
import * as schemas from './schemas';

const PREFIX = 'api/2.0/mlflow';
const ARTIFACTS = 'api/2.0/mlflow-artifacts/artifacts';

type Signal = AbortSignal;
type Query = UpstreamRequest['query'];

/** The calls that are made to one MLflow server, each answer parsed. @throws ProviderError */
export class MlflowApi {
  readonly #client: UpstreamClient;
  /** As pages name the server. */
  readonly title: string;

  constructor(server: ServerConfig) {
    const { auth } = server;
    this.title = server.title;
    this.#client = new UpstreamClient({
      title: server.title,
      baseUrl: server.url,
      auth:
        auth &&
        ('token' in auth
          ? { type: 'bearer', token: auth.token }
          : { type: 'basic', ...auth }),
      headers: server.headers,
      tls: server.tls,
      explain: explainAs(server.title),
    });
  }

  get host(): string {
    return this.#client.host;
  }

  /** `max_results` has to be 1 or more: for 0 MLflow answers with no rows and a next page, for ever. */
  searchVersions(
    query: { filter: string; order_by: string; max_results: number },
    pageToken: string | undefined,
    signal: Signal,
  ) {
    return this.#get(
      'model-versions/search',
      { ...query, page_token: pageToken },
      schemas.versionsPage,
      signal,
    );
  }

  async version(name: string, version: string, signal: Signal) {
    const { model_version: found } = await this.#get(
      'model-versions/get',
      { name, version },
      schemas.oneVersion,
      signal,
    );
    return found;
  }

  /** Costs more the more versions it has: search where that will do. */
  async model(name: string, signal: Signal) {
    const { registered_model: found } = await this.#get(
      'registered-models/get',
      { name },
      schemas.oneModel,
      signal,
    );
    return found;
  }

  searchModels(
    query: { filter?: string; order_by?: string; max_results: number },
    pageToken: string | undefined,
    signal: Signal,
  ) {
    return this.#get(
      'registered-models/search',
      { ...query, page_token: pageToken },
      schemas.modelsPage,
      signal,
    );
  }

  async run(runId: string, signal: Signal) {
    const { run } = await this.#get(
      'runs/get',
      { run_id: runId },
      schemas.oneRun,
      signal,
    );
    return run;
  }

  /** Those of one experiment, deleted ones too. */
  async runs(experimentId: string, ids: readonly string[], signal: Signal) {
    const { runs } = await this.#post(
      'runs/search',
      {
        experiment_ids: [experimentId],
        filter: idIn('attributes.run_id', ids),
        run_view_type: 'ALL',
        max_results: ids.length,
      },
      schemas.runsPage,
      signal,
    );
    return runs;
  }

  async loggedModels(
    experimentIds: readonly string[],
    ids: readonly string[],
    signal: Signal,
  ) {
    const { models } = await this.#post(
      'logged-models/search',
      {
        experiment_ids: experimentIds,
        filter: idIn('model_id', ids),
        max_results: ids.length,
      },
      schemas.loggedModelsPage,
      signal,
    );
    return models;
  }

  async loggedModel(id: string, signal: Signal) {
    const { model } = await this.#get(
      `logged-models/${encodeURIComponent(id)}`,
      {},
      schemas.oneLoggedModel,
      signal,
    );
    return model;
  }

  /** Where the files of a version are, with `models:/` resolved. */
  async downloadUri(name: string, version: string, signal: Signal) {
    const { artifact_uri: uri } = await this.#get(
      'model-versions/get-download-uri',
      { name, version },
      schemas.downloadUri,
      signal,
    );
    return uri;
  }

  async setAlias(
    name: string,
    alias: string,
    version: string,
    signal: Signal,
  ): Promise<void> {
    const body = { name, alias, version };
    await this.#post('registered-models/alias', body, schemas.nothing, signal);
  }

  async setVersionTag(
    name: string,
    version: string,
    key: string,
    value: string,
    signal: Signal,
  ): Promise<void> {
    const body = { name, version, key, value };
    await this.#post('model-versions/set-tag', body, schemas.nothing, signal);
  }

  /** What a folder below the artifacts that this server hands out holds; nothing where there is none. */
  async files(path: string, signal: Signal) {
    const { files } = await this.#client.json(
      { path: ARTIFACTS, query: { path } },
      schemas.fileList,
      signal,
    );
    return files;
  }

  file(
    path: string,
    signal: Signal,
  ): Promise<{ stream: Readable; sizeBytes: number | null }> {
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    return this.#client.stream({ path: `${ARTIFACTS}/${escaped}` }, signal);
  }

  /** As the server says it, such as `3.17.2`. */
  async serverVersion(signal: Signal): Promise<string> {
    return (await this.#client.text({ path: 'version' }, signal)).trim();
  }

  #get<S extends z.ZodType>(
    path: string,
    query: Query,
    schema: S,
    signal: Signal,
  ) {
    return this.#client.json(
      { path: `${PREFIX}/${path}`, query },
      schema,
      signal,
    );
  }

  #post<S extends z.ZodType>(
    path: string,
    body: unknown,
    schema: S,
    signal: Signal,
  ) {
    return this.#client.json(
      { method: 'POST', path: `${PREFIX}/${path}`, body },
      schema,
      signal,
    );
  }
}
