import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { extract } from 'tar';
import type { Champion } from './JobRunner';
import type { PythonEnvironments } from './PythonEnvironments';

/**
 * The interpreter for a champion's own lock file, which may not be the candidate's. Nothing where
 * it is not available: the comparison then reports that the champion could not be loaded.
 */
export async function championPython(
  champion: Champion,
  environments: PythonEnvironments,
): Promise<string | undefined> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'champion-lock-'));
  try {
    await extract({
      file: champion.bundle,
      cwd: folder,
      filter: name => name === 'requirements.lock',
    });
    return await environments.interpreter(folder);
  } catch {
    return undefined;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
