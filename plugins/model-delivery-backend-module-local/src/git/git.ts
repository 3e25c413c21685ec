import { type ExecuteOptions, execute } from '../processes/execute';
import { cleanEnvironment } from '../processes/environment';

/** A git command that said no. */
export class GitError extends Error {
  readonly name = 'GitError';
  constructor(
    message: string,
    readonly code: number | null,
  ) {
    super(message);
  }
}

/** The environment of git: nobody's configuration, nobody asked for a password. */
export function gitEnvironment(): Record<string, string> {
  return {
    ...cleanEnvironment(process.env),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Slipway',
    GIT_AUTHOR_EMAIL: 'slipway@localhost',
    GIT_COMMITTER_NAME: 'Slipway',
    GIT_COMMITTER_EMAIL: 'slipway@localhost',
  };
}

/** What a folder's owner says is trusted here: all folders are of the portal itself. */
export const GIT_OPTIONS = ['-c', 'safe.directory=*', '-c', 'gc.auto=0'];

/** Runs git and returns what it printed. @throws GitError */
export async function git(
  args: readonly string[],
  options: Partial<ExecuteOptions> = {},
): Promise<Buffer> {
  const result = await execute('git', [...GIT_OPTIONS, ...args], {
    ...options,
    env: { ...gitEnvironment(), ...options.env },
  });
  if (result.code !== 0) {
    throw new GitError(
      `git ${args[0]} failed: ${
        result.stderr.trim() || `exit code ${result.code}`
      }`,
      result.code,
    );
  }
  return result.stdout;
}
