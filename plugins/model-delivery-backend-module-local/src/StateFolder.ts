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
  readonly environments: string;
  readonly processes: string;
  readonly prometheus: string;

  constructor(readonly root: string) {
    this.git = path.join(root, 'git');
    this.spool = path.join(root, 'spool');
    this.runs = path.join(root, 'runs');
    this.registry = path.join(root, 'registry');
    this.serving = path.join(root, 'serving');
    this.environments = path.join(root, 'environments');
    this.processes = path.join(root, 'processes');
    this.prometheus = path.join(root, 'prometheus');
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
        this.environments,
        this.processes,
        this.prometheus,
      ]) {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
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
  ENOSPC: 'the disk is full.',
  EDQUOT: 'the disk quota is used up.',
  EROFS: 'it is read-only.',
  EACCES: 'the portal may not write there.',
  EPERM: 'the portal may not write there.',
  EMFILE: 'too many files are open.',
};

/** A failed file operation in a sentence that a person can act on. */
export function explainFsError(error: unknown, folder: string): string {
  const code = (error as NodeJS.ErrnoException)?.code;
  const reason =
    (code && FS_REASONS[code]) ||
    `${error instanceof Error ? error.message : String(error)}.`;
  return `The folder ${folder} cannot be used: ${reason}`;
}

/** What went wrong, in a sentence: of a file operation with its folder, else as it is said. */
export function explainError(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code !== undefined && /^E[A-Z0-9]+$/.test(code)
    ? explainFsError(error, folder)
    : message;
}

/** Writes a file so that a reader sees all of it or nothing. */
export async function writeFileAtomically(
  file: string,
  content: string | Buffer,
): Promise<void> {
  const temporary = `${file}.${process.pid}.${Math.random()
    .toString(36)
    .slice(2)}.tmp`;
  try {
    await fs.writeFile(temporary, content);
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
