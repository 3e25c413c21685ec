import { z } from 'zod';
import { optionalText, text } from './fields';

const commit = z.object({
  id: text(64),
  author_name: optionalText(200),
  author_email: optionalText(320),
  parent_ids: z.array(z.unknown()).transform(({ length }) => length),
});
export type GitlabCommit = z.output<typeof commit>;
export const commits = z.array(commit).max(100);

/** Whether the project has it is all that is asked. */
export const oneCommit = z.object({ id: text(64) });
