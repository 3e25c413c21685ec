import type { PipelineState } from './standInState';

/** The bodies of commits and merge requests. */
interface CommitBody {
  branch?: string;
  start_branch?: string;
  force?: boolean;
  actions?: { action: string; file_path: string; content: string }[];
  source_branch?: string;
  target_branch?: string;
  title?: string;
  description?: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  raw?: Buffer;
  headers?: Record<string, string>;
}

export interface Asked {
  method: string;
  url: URL;
  body: CommitBody & {
    name?: string;
    ref?: string;
    variables?: PipelineState['variables'];
  };
}

export const NOT_FOUND: Answer = {
  status: 404,
  body: { message: '404 Not found' },
};

export const shown = (body: unknown): Answer => ({ status: 200, body });
