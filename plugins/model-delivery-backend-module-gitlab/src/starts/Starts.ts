import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { KeyedOnce } from '@slipway/plugin-model-delivery-node/http';
import { LRUCache } from 'lru-cache';
import {
  anything,
  pipeline as pipelineAnswer,
  pipelines as pipelinesAnswer,
  variables as variablesAnswer,
} from '../answers/pipelines';
import type { GitlabClient } from '../client/GitlabClient';
import { defaultBranchOf } from '../projects/defaultBranch';
import type { PipelineTarget } from '../targets';

/** The variable by which a pipeline that Slipway started is found again. */
const KEY = 'SLIPWAY_KEY';
const OURS = 'SLIPWAY_';
const AT_ONCE = 100;
/** Pages of pipelines that were started through the API, the newest first, in which one is looked for. */
const MOST_PAGES = 3;
const SIDE_BY_SIDE = 10;
const REMEMBERED = 20_000;

type Variables = Readonly<Record<string, string>>;

/**
 * Starts pipelines, once for each key. GitLab is the memory: the key is a variable of the pipeline,
 * which never changes, so whichever process comes next finds what was started.
 */
export class Starts {
  readonly #client: GitlabClient;
  readonly #once = new KeyedOnce<number>();
  /** Slipway's variables of a pipeline. */
  readonly #variables = new LRUCache<string, Variables>({ max: REMEMBERED });
  /** The pipeline of a key. */
  readonly #found = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(client: GitlabClient) {
    this.#client = client;
  }

  /** @returns the id of the pipeline. */
  async start(
    { project, ref }: PipelineTarget,
    request: { key: string; variables: Record<string, string> },
    signal: AbortSignal,
  ): Promise<number> {
    const { key } = request;
    return this.#once.do(`${project} ${key}`, async () => {
      const known = await this.find(project, key, signal);
      if (known !== null) return known;
      const branch =
        ref ?? (await defaultBranchOf(this.#client, project, signal));
      const variables = Object.entries({ ...request.variables, [KEY]: key });
      const { id } = await this.#client.act(
        project,
        async api =>
          api.pipelines.create(project, branch, {
            variables: variables.map(([name, value]) => ({ key: name, value })),
          }),
        pipelineAnswer,
        signal,
      );
      this.#variables.set(`${project} ${id}`, Object.fromEntries(variables));
      // Where two processes start one each at once, the first counts.
      const first = (await this.find(project, key, signal)) ?? id;
      if (first !== id) {
        await this.#client.act(
          project,
          async api => api.pipelines.cancel(project, id),
          anything,
          signal,
        );
      }
      return first;
    });
  }

  /** The first recent pipeline that was started with the key; null where there is none. */
  async find(
    project: string,
    key: string,
    signal: AbortSignal,
  ): Promise<number | null> {
    signal.throwIfAborted();
    const known = this.#found.get(`${project} ${key}`);
    if (known !== undefined) return known;
    let first: number | null = null;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const ids = await this.#started(project, page, signal);
      for (let from = 0; from < ids.length; from += SIDE_BY_SIDE) {
        const some = ids.slice(from, from + SIDE_BY_SIDE);
        const variables = await Promise.all(
          some.map(async id => this.variablesOf(project, id, signal)),
        );
        first =
          some.filter((_, n) => variables[n][KEY] === key).at(-1) ?? first;
      }
      if (ids.length < AT_ONCE) break;
    }
    if (first !== null) this.#found.set(`${project} ${key}`, first);
    return first;
  }

  /** Slipway's variables of a pipeline; empty where it has none, and where the token may not read them. */
  async variablesOf(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<Variables> {
    const known = this.#variables.get(`${project} ${id}`);
    if (known !== undefined) return known;
    const found = await this.#client
      .get(
        project,
        async api => api.pipelines.allVariables(project, id),
        variablesAnswer,
        signal,
      )
      .catch(error => {
        const kind = error instanceof ProviderError ? error.kind : undefined;
        // GitLab shows the variables of a pipeline to its starter and to maintainers only.
        if (kind === 'forbidden' || kind === 'not-found') return [];
        throw error;
      });
    const ours = Object.fromEntries(
      found
        .filter(({ key }) => key.startsWith(OURS))
        .map(({ key, value }) => [key, value]),
    );
    this.#variables.set(`${project} ${id}`, ours);
    return ours;
  }

  /** Pipelines that were started through the API, the newest first. */
  async #started(
    project: string,
    page: number,
    signal: AbortSignal,
  ): Promise<number[]> {
    const found = await this.#client.get(
      project,
      async api =>
        api.pipelines.all(project, {
          source: 'api',
          orderBy: 'id',
          sort: 'desc',
          perPage: AT_ONCE,
          page,
        }),
      pipelinesAnswer,
      signal,
    );
    return found.map(({ id }) => id);
  }
}
