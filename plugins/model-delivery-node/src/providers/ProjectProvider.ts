import type { ProviderContext, ProviderIdentity } from './common';

export interface ProjectFile {
  /** Relative, with forward slashes; checked by the backend. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/** Makes repositories for new model projects. */
export interface ProjectProvider extends ProviderIdentity {
  /** Null when the name is free, else the reason why it is not. */
  checkName(name: string, context: ProviderContext): Promise<string | null>;
  /**
   * Creates the repository with one commit on `main`. Idempotent by `key`.
   *
   * @throws ProviderError `conflict` for a name that is taken, `invalid` for an illegal one.
   */
  create(
    request: {
      key: string;
      name: string;
      description: string;
      author: { name: string; email: string };
      message: string;
      files: ProjectFile[];
    },
    context: ProviderContext,
  ): Promise<{ cloneUrl: string; commit: string; entityRef: string }>;
}
