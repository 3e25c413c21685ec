import {
  type Candidate,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import {
  found as foundAnswer,
  type GithubRepository,
  installed,
  repository as repositoryAnswer,
} from '../answers/repositories';
import type { Credentials } from '../client/credentials';
import type { GithubClient } from '../client/GithubClient';
import { SLUG_ANNOTATION } from '../targets';

const MOST = 50;
const PER_PAGE = 100;
/** Of a token, whose repositories can only be listed. */
const MOST_PAGES = 5;
/** Owners that are asked in one search. */
const MOST_OWNERS = 10;

/** Finds repositories that the credentials can see, as somebody types. */
export class Candidates {
  readonly #id: string;
  readonly #client: GithubClient;
  readonly #credentials: Credentials;

  constructor(id: string, client: GithubClient, credentials: Credentials) {
    this.#id = id;
    this.#client = client;
    this.#credentials = credentials;
  }

  async find(search: string, signal: AbortSignal): Promise<Candidate[]> {
    const words = search
      .trim()
      .replace(/[^\w./-]/g, ' ')
      .trim()
      .slice(0, 100);
    const owners = await this.#credentials.owners();
    const [exact, listed] = await Promise.all([
      this.#exact(words, signal),
      owners === null
        ? this.#ofToken(signal)
        : this.#ofApps(owners.slice(0, MOST_OWNERS), words, signal),
    ]);
    const unique = new Map(
      [...exact, ...listed].map(repo => [
        repo.full_name.toLocaleLowerCase('en-US'),
        repo,
      ]),
    );
    return [...unique.values()]
      .filter(repo => !repo.archived)
      .map(repo => ({
        repo,
        rank: rankOf(repo, words.toLocaleLowerCase('en-US')),
      }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, MOST)
      .map(({ repo }) => this.#tell(repo));
  }

  async #exact(
    words: string,
    signal: AbortSignal,
  ): Promise<GithubRepository[]> {
    const match = /^([\w-]{1,39})\/([\w.-]{1,100})$/.exec(words);
    if (!match) return [];
    try {
      return [
        await this.#client.get(
          { owner: match[1], repo: match[2] },
          '/repos/{owner}/{repo}',
          {},
          repositoryAnswer,
          signal,
        ),
      ];
    } catch (error) {
      const kind = error instanceof ProviderError ? error.kind : undefined;
      if (kind === 'not-found' || kind === 'unauthorized') return [];
      throw error;
    }
  }

  async #ofToken(signal: AbortSignal): Promise<GithubRepository[]> {
    const all: GithubRepository[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const some = await this.#client.getFor(
        '',
        '/user/repos',
        { sort: 'pushed', per_page: PER_PAGE, page },
        z.array(repositoryAnswer),
        signal,
      );
      all.push(...some);
      if (some.length < PER_PAGE) break;
    }
    return all;
  }

  async #ofApps(
    owners: string[],
    words: string,
    signal: AbortSignal,
  ): Promise<GithubRepository[]> {
    const name = words.split('/').at(-1)!.trim();
    const each = await Promise.all(
      owners.map(async owner => {
        if (name) {
          const { items } = await this.#client.getFor(
            owner,
            '/search/repositories',
            { q: `${name} in:name user:${owner} fork:true`, per_page: MOST },
            foundAnswer,
            signal,
          );
          return items;
        }
        const { repositories } = await this.#client.getFor(
          owner,
          '/installation/repositories',
          { per_page: PER_PAGE },
          installed,
          signal,
        );
        return repositories;
      }),
    );
    return each.flat();
  }

  #tell(repo: GithubRepository): Candidate {
    return {
      target: { provider: this.#id, repository: repo.full_name },
      title: repo.full_name,
      description: repo.description,
      url: repo.html_url,
      suggests: {
        name: repo.name.toLocaleLowerCase('en-US').slice(0, 63),
        annotations: { [SLUG_ANNOTATION]: repo.full_name },
      },
    };
  }
}

/** 0 where it does not match. */
function rankOf(repo: GithubRepository, search: string): number {
  const name = repo.name.toLocaleLowerCase('en-US');
  const full = repo.full_name.toLocaleLowerCase('en-US');
  if (search === '') return 1;
  if (full === search || name === search) return 5;
  if (name.startsWith(search)) return 4;
  if (full.startsWith(search)) return 3;
  return full.includes(search) ? 2 : 0;
}
