import { z } from 'zod';
import { optionalText } from './runs';

/** One of a list of commits, with what tells who wrote it. */
const commit = z.object({
  commit: z.object({
    author: z
      .object({ name: optionalText(200), email: optionalText(320) })
      .nullable(),
  }),
  /** The account that GitHub takes for the author's; empty where it knows none. */
  author: z
    .object({ type: optionalText(40) })
    .nullish()
    .catch(null),
  parents: z.array(z.unknown()).transform(({ length }) => length),
});
export type GithubCommit = z.output<typeof commit>;
export const commits = z.array(commit).max(100);
export const comparison = z.object({
  total_commits: z.int().min(0),
  commits,
});
