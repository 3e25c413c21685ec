import { z } from 'zod';
import { optionalText } from './runs';

const repository = z.object({
  name: z.string().max(200),
  full_name: z.string().max(300),
  owner: z.object({ login: z.string().max(100) }),
  description: optionalText(1_000),
  html_url: z.string().max(500),
  default_branch: z.string().max(255).catch('main'),
  archived: z.boolean().catch(false),
});
export type GithubRepository = z.output<typeof repository>;
export { repository };

/** Of a search, and of what an installation sees. */
export const found = z.object({ items: z.array(repository).max(100) });
export const installed = z.object({
  total_count: z.int(),
  repositories: z.array(repository).max(100),
});

/** A file's content, in Base64. A folder is an array and a file of another kind has none. */
export const file = z.object({
  type: z.literal('file'),
  sha: z.string().max(64),
  content: z.string().max(4_000_000),
  encoding: z.literal('base64'),
});

export const gitRef = z.object({
  object: z.object({ sha: z.string().max(64) }),
});

export const pullRequest = z.object({
  number: z.int(),
  html_url: z.string().max(500),
  state: z.string().max(20),
});
export const pullRequests = z.array(pullRequest).max(100);

/** What is not read. */
export const anything = z.unknown().transform(() => null);
