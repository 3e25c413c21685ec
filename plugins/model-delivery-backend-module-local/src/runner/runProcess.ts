import { spawn } from 'node:child_process';
import { killGroup } from '../processes/killGroup';
import type { ProcessRecords } from '../processes/ProcessRecords';
import type { LogWriter } from './LogWriter';
import type { ProcessEnd } from './outcome';

/** Why a job's signal was aborted. */
export type StopReason =
  { kind: 'cancelled'; by: string } | { kind: 'interrupted' };

export interface RunProcessOptions {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  timeoutSeconds: number;
  /** Aborted with a `StopReason`. */
  signal: AbortSignal;
  records: ProcessRecords;
  owner: string;
  log: Pick<LogWriter, 'write' | 'note'>;
}

const STARTING_FAILED = 5;

/**
 * Runs a job's command in a process group of its own until everything in it has ended. Never
 * throws: how it ended is the answer.
 */
export async function runProcess(
  options: RunProcessOptions,
): Promise<ProcessEnd> {
  if (options.signal.aborted) return options.signal.reason as StopReason;
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid === undefined) {
    return await new Promise(resolve =>
      child.once('error', error => {
        options.log.note(`The command could not be started: ${error.message}`);
        resolve({ kind: 'exit', code: STARTING_FAILED });
      }),
    );
  }
  const record = options.records.add(child.pid, {
    kind: 'job',
    owner: options.owner,
  });
  child.stdout.on('data', (chunk: Buffer) => options.log.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => options.log.write(chunk));

  let stopped: ProcessEnd | undefined;
  const stop = (end: ProcessEnd) => {
    stopped ??= end;
    // The result is awaited through the child's own end.
    killGroup(record).catch(() => {});
  };
  const onAbort = () => stop(options.signal.reason as StopReason);
  options.signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => stop({ kind: 'timeout', seconds: options.timeoutSeconds }),
    options.timeoutSeconds * 1_000,
  );
  try {
    return await new Promise<ProcessEnd>(resolve => {
      child.once('exit', (code, signal) => {
        // What it started and left behind would hold its output open, and outlive it.
        killGroup(record, 0)
          .catch(() => {})
          .finally(() => {
            const end: ProcessEnd =
              stopped ??
              (code === null
                ? { kind: 'signal', signal: signal ?? 'a signal' }
                : { kind: 'exit', code });
            if (child.stdout.closed && child.stderr.closed) resolve(end);
            else child.once('close', () => resolve(end));
          });
      });
    });
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onAbort);
    options.records.remove(record);
  }
}
