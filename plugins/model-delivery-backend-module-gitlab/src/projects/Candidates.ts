import type { Candidate } from '@slipway/plugin-model-delivery-node';
import {
  type GitlabProject,
  projects as projectsAnswer,
} from '../answers/projects';
import type { GitlabClient } from '../client/GitlabClient';
import { SLUG_ANNOTATION } from '../targets';

const MOST = 50;
const MAX_SEARCH = 100;
/** The catalog's rule for names. */
const NAME = /^[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$/;

/** Finds projects of which the token's account is a member, as somebody types. */
export class Candidates {
  readonly #id: string;
  readonly #client: GitlabClient;

  constructor(id: string, client: GitlabClient) {
    this.#id = id;
    this.#client = client;
  }

  async find(search: string, signal: AbortSignal): Promise<Candidate[]> {
    const words = search.trim().slice(0, MAX_SEARCH);
    const found = await this.#client.get(
      'the projects of the token',
      async api =>
        api.projects.all({
          membership: true,
          archived: false,
          simple: true,
          // The groups of a project are searched too, so that its whole path finds it.
          ...(words && { search: words, searchNamespaces: true }),
          orderBy: 'last_activity_at',
          pagination: 'offset',
          perPage: MOST,
          page: 1,
        }),
      projectsAnswer,
      signal,
    );
    const wanted = words.toLocaleLowerCase('en-US');
    const isExact = ({ path_with_namespace: path }: GitlabProject) => {
      const lower = path.toLocaleLowerCase('en-US');
      return lower === wanted || lower.endsWith(`/${wanted}`);
    };
    return [
      ...found.filter(isExact),
      ...found.filter(project => !isExact(project)),
    ].map(project => this.#tell(project));
  }

  #tell(project: GitlabProject): Candidate {
    const { path_with_namespace: path, description, web_url: url } = project;
    const name = path.split('/').at(-1)!.toLocaleLowerCase('en-US');
    return {
      target: { provider: this.#id, project: path },
      title: path,
      description,
      url,
      suggests: {
        ...(NAME.test(name) && { name }),
        annotations: { [SLUG_ANNOTATION]: path },
      },
    };
  }
}
