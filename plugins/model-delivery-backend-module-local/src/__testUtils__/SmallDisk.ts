import { execFileSync, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const CHUNK = 256 * 1024;

/** Why there can be no small disk here; undefined where there can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'it mounts a tmpfs, of Linux.';
  if (process.getuid?.() !== 0) return 'mounting a small disk takes root.';
  return undefined;
}

/** A file system of a few megabytes that can be filled, emptied and made read-only. */
export class SmallDisk {
  readonly #isOwn: boolean;

  private constructor(
    readonly folder: string,
    isOwn: boolean,
  ) {
    this.#isOwn = isOwn;
  }

  /** @param at - a folder, which it hides; one of its own where none is given. */
  static async mount(megabytes: number, at?: string): Promise<SmallDisk> {
    const folder =
      at ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'small-disk-')));
    const options = `size=${megabytes}m,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
    return new SmallDisk(folder, at === undefined);
  }

  /** Leaves room for nothing. */
  async fill(): Promise<void> {
    const file = await fs.open(
      this.#filler,
      constants.O_WRONLY + constants.O_CREAT + constants.O_APPEND,
    );
    try {
      for (let size = CHUNK; size >= 1;) {
        try {
          const { bytesWritten } = await file.write(Buffer.alloc(size));
          if (bytesWritten < size) size = Math.floor(size / 2);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      await file.close();
    }
  }

  /** Makes room again. */
  async empty(): Promise<void> {
    await fs.rm(this.#filler, { force: true });
  }

  /** @returns whether it is so: what is written to at the moment cannot become read-only. */
  setReadOnly(readOnly: boolean): boolean {
    const mode = readOnly ? 'ro' : 'rw';
    const { status } = spawnSync('mount', [
      '-o',
      `remount,${mode}`,
      this.folder,
    ]);
    return status === 0;
  }

  async unmount(): Promise<void> {
    // Lazily: a process that has just ended may hold it still.
    execFileSync('umount', ['--lazy', this.folder]);
    if (this.#isOwn) await fs.rmdir(this.folder);
  }

  get #filler(): string {
    return path.join(this.folder, 'filler');
  }
}
