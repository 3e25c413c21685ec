import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CONFIG_KEY } from './config';

/** The folder of one run. */
export class RunFolder {
  readonly artifacts: string;
  readonly reports: string;
  readonly work: string;
  readonly logs: string;

  constructor(readonly root: string) {
    this.artifacts = path.join(root, 'artifacts');
    this.reports = path.join(root, 'reports');
    this.work = path.join(root, 'work');
    this.logs = path.join(root, 'logs');
  }

  log(jobId: string): string {
    return path.join(this.logs, `${jobId}.log`);
  }
}

/** Where things are in the state folder. */
export class StateFolder {
  readonly git: string;
  readonly spool: string;
  readonly runs: string;
  readonly registry: string;
  readonly serving: string;
  readonly answers: string;
  readonly environments: string;
  readonly processes: string;
  readonly prometheus: string;
  readonly batch: string;

  constructor(readonly root: string) {
    this.git = path.join(root, 'git');
    this.spool = path.join(root, 'spool');
    this.runs = path.join(root, 'runs');
    this.registry = path.join(root, 'registry');
    this.serving = path.join(root, 'serving');
    this.answers = path.join(root, 'answers');
    this.environments = path.join(root, 'environments');
    this.processes = path.join(root, 'processes');
    this.prometheus = path.join(root, 'prometheus');
    this.batch = path.join(root, 'batch');
  }

  /** @throws Error whose message names the folder, what is wrong and the setting. */
  async prepare(): Promise<void> {
    try {
      for (const folder of [
        this.git,
        this.spool,
        this.runs,
        this.registry,
        this.serving,
        this.answers,
        this.environments,
        this.processes,
        this.prometheus,
        this.batch,
      ]) {
        await makeFolder(folder);
        await fs.access(folder, constants.W_OK);
      }
      const probe = path.join(this.root, `.probe-${process.pid}`);
      await fs.writeFile(probe, '');
      await fs.rm(probe);
    } catch (error) {
      throw new Error(
        `${explainFsError(error, this.root)} Make it writable, or set ${CONFIG_KEY}.directory to a folder that is.`,
      );
    }
  }

  run(runId: string): RunFolder {
    return new RunFolder(path.join(this.runs, runId));
  }
}

const FS_REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full; make room and try again.',
  EDQUOT: 'the disk quota is used up; make room and try again.',
  EROFS: 'it is read-only.',
  EACCES: 'the portal has no permission to write there.',
  EPERM: 'the portal has no permission to write there.',
  EMFILE: 'too many files are open.',
};

/** As the system words them, in what a program such as Git or a database says. */
const SAID: Record<string, RegExp> = {
  ENOSPC: /\bENOSPC\b|no space left on device|database or disk is full/i,
  EDQUOT: /\bEDQUOT\b|disk quota exceeded/i,
  EROFS: /\bEROFS\b|read-only file system/i,
};

/** The code of a failed file operation; undefined for any other error. */
function fsCodeOf(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return code;
  const text = String(message);
  return Object.keys(SAID).find(known => SAID[known].test(text));
}

/** Whether the folder that was written to is to blame, and not what was to be written. */
export function isFsError(error: unknown): boolean {
  const code = fsCodeOf(error);
  return code !== undefined && code in FS_REASONS;
}

/** Why a file operation failed, to be put behind a colon. */
export function fsReason(error: unknown): string {
  const code = fsCodeOf(error);
  return (
    (code && FS_REASONS[code]) ||
    `${error instanceof Error ? error.message : String(error)}.`
  );
}

/** A failed file operation in a sentence that a person can act on. */
export function explainFsError(error: unknown, folder: string): string {
  return `The folder ${folder} cannot be used: ${fsReason(error)}`;
}

/** What went wrong, in a sentence: of a file operation with its folder, else as it is said. */
export function explainError(error: unknown, folder: string): string {
  return fsCodeOf(error) === undefined
    ? (error as Error).message
    : explainFsError(error, folder);
}

/**
 * Makes a folder, with those above it, for the portal alone.
 *
 * Node's own way says of a read-only file system that the folder is missing, of all things.
 */
export async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    fs.mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(path.dirname(folder));
    await make();
  }
}

/**
 * Removes a folder with all that is in it, also while what failed to fill it still ends.
 *
 * @throws where the file system does not let it.
 */
export async function removeFolder(folder: string): Promise<void> {
  await fs.rm(folder, {
    recursive: true,
    force: true,
    maxRetries: 5,
    retryDelay: 50,
  });
}

/** Writes a file so that a reader sees all of it or nothing. */
export async function writeFileAtomically(
  file: string,
  content: string | Buffer,
  mode = 0o666,
): Promise<void> {
  const temporary = `${file}.${process.pid}.${Math.random()
    .toString(36)
    .slice(2)}.tmp`;
  try {
    await fs.writeFile(temporary, content, { mode });
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
