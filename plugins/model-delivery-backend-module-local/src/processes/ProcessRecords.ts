import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type ProcessIdentity, isAlive, startedTicks } from './identity';
import { signalGroup } from './killGroup';

const processRecord = z.object({
  pid: z.int().positive(),
  startedTicks: z.string(),
  kind: z.enum(['job', 'server']),
  /** The run and job, or the deployment, that it belongs to. */
  owner: z.string(),
  /** Of a server: where it listens on loopback. */
  port: z.int().optional(),
});
export type ProcessRecord = z.infer<typeof processRecord>;

/**
 * The child processes that live now, one JSON file each, so that the process after a crash
 * knows which to adopt and which to end. Each leads a process group of its own.
 */
export class ProcessRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Records a child, synchronously: every moment between its start and this is one in which a
   * crash would orphan it. One that cannot be recorded is ended.
   *
   * @throws the error of the file system.
   */
  add(
    pid: number,
    record: Omit<ProcessRecord, 'pid' | 'startedTicks'>,
  ): ProcessRecord {
    // A child that already ended gets ticks that match nothing.
    const full = { pid, startedTicks: startedTicks(pid) ?? 'ended', ...record };
    const file = this.#file(full);
    try {
      fs.writeFileSync(`${file}.tmp`, JSON.stringify(full));
      fs.renameSync(`${file}.tmp`, file);
    } catch (error) {
      signalGroup(pid, 'SIGKILL');
      fs.rmSync(`${file}.tmp`, { force: true });
      throw error;
    }
    return full;
  }

  remove(identity: ProcessIdentity): void {
    fs.rmSync(this.#file(identity), { force: true });
  }

  /** Everything recorded; records that cannot be read are dropped. */
  list(): Array<ProcessRecord & { alive: boolean }> {
    return fs
      .readdirSync(this.#folder)
      .filter(name => name.endsWith('.json'))
      .flatMap(name => {
        const file = path.join(this.#folder, name);
        try {
          const record = processRecord.parse(
            JSON.parse(fs.readFileSync(file, 'utf8')),
          );
          return [{ ...record, alive: isAlive(record) }];
        } catch {
          fs.rmSync(file, { force: true });
          return [];
        }
      });
  }

  #file({ pid, startedTicks: ticks }: ProcessIdentity): string {
    const safe = ticks.replace(/[^A-Za-z0-9]+/g, '-');
    return path.join(this.#folder, `${pid}-${safe}.json`);
  }
}
