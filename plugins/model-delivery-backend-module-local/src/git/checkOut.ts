import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { UnsafeArchiveError, unpack } from '../unpack';
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
    [
      ...GIT_OPTIONS,
      '--git-dir',
      repository,
      'archive',
      '--format=tar',
      commit,
    ],
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
  // Read from at once: Node throws away what a child said that ended before anybody listened.
  const archive = child.stdout.pipe(new PassThrough());
  let failure: unknown;
  try {
    await unpack(archive, folder);
  } catch (error) {
    failure = error;
    if (error instanceof UnsafeArchiveError) child.kill('SIGKILL');
  }
  child.stdout.resume();
  const code = await ended;
  if (failure instanceof UnsafeArchiveError) throw failure;
  // What git said explains an archive that makes no sense.
  if (code !== 0) {
    throw new GitError(`git archive failed: ${stderr.trim()}`, code);
  }
  if (failure) throw failure;
}
