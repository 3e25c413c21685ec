import { spawn } from 'node:child_process';
import { unpack } from '../unpack';
import { GIT_OPTIONS, GitError, gitEnvironment } from './git';

/**
 * Writes the files of a commit into a folder, without history.
 *
 * @throws UnsafeArchiveError for a link or path that leads out of the folder; GitError where the
 *   commit cannot be read.
 */
export async function checkOut(
  repository: string,
  commit: string,
  folder: string,
): Promise<void> {
  const child = spawn(
    'git',
    [...GIT_OPTIONS, '--git-dir', repository, 'archive', '--format=tar', commit],
    { env: gitEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-4_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    await unpack(child.stdout, folder);
  } catch (error) {
    child.kill('SIGKILL');
    await ended.catch(() => {});
    throw error;
  }
  const code = await ended;
  if (code !== 0) {
    throw new GitError(`git archive failed: ${stderr.trim()}`, code);
  }
}
