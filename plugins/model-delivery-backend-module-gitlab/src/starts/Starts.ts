import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { KeyedOnce } from '@slipway/plugin-model-delivery-node/http';
import { LRUCache } from 'lru-cache';
import {
  anything,
  pipeline as pipelineAnswer,
  pipelines as pipelinesAnswer,
  project as projectAnswer,
  variables as variablesAnswer,
} from '../answers/pipelines';
import type { GitlabClient } from '../client/GitlabClient';
import type { PipelineTarget } from '../targets';

/** The variable by which a pipeline that Slipway started is found again. */
const KEY = 'SLIPWAY_KEY';
const RECENT = 50;
const REMEMBERED = 20_000;

/**
 * Starts pipelines, once for each key. GitLab is the memory: the key is a variable of the pipeline,
 * which never changes, so whichever process comes next finds what was started.
 */
export class Starts {
  readonly #client: GitlabClient;
  readonly #once = new KeyedOnce<number>();
  /** The key of a pipeline; empty for one that has none. */
  readonly #keys = new LRUCache<string, string>({ max: REMEMBERED });

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
      const known = await this.#find(project, key, signal);
      if (known !== null) return known;
      const branch = ref ?? (await this.#defaultBranch(project, signal));
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
      this.#keys.set(`${project} ${id}`, key);
      // Where two processes start one each at once, the first counts.
      const first = (await this.#find(project, key, signal)) ?? id;
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

  /** The first recent pipeline that was started with the key. */
  async #find(
    project: string,
    key: string,
    signal: AbortSignal,
  ): Promise<number | null> {
    const recent = await this.#client.get(
      project,
      async api =>
        api.pipelines.all(project, {
          source: 'api',
          orderBy: 'id',
          sort: 'desc',
          perPage: RECENT,
          page: 1,
        }),
      pipelinesAnswer,
      signal,
    );
    let first: number | null = null;
    for (const { id } of recent) {
      if ((await this.#keyOf(project, id, signal)) === key) first = id;
    }
    return first;
  }

  async #keyOf(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<string> {
    const known = this.#keys.get(`${project} ${id}`);
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
    const key = found.find(one => one.key === KEY)?.value ?? '';
    this.#keys.set(`${project} ${id}`, key);
    return key;
  }

  async #defaultBranch(project: string, signal: AbortSignal): Promise<string> {
    const { default_branch: branch } = await this.#client.get(
      project,
      async api => api.projects.show(project),
      projectAnswer,
      signal,
    );
    return branch;
  }
}
