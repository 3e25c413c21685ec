import { z } from 'zod';
import { optionalText, text } from './fields';

export const project = z.object({ default_branch: text(255) });

const listed = z.object({
  path_with_namespace: text(255),
  description: optionalText(300),
  web_url: text(500),
});
export const projects = z.array(listed).max(100);
export type GitlabProject = z.output<typeof listed>;

export const file = z.object({ content: z.string().max(2_000_000) });

export const mergeRequest = z.object({
  iid: z.int().positive(),
  web_url: text(500),
});
export const mergeRequests = z.array(mergeRequest).max(100);
