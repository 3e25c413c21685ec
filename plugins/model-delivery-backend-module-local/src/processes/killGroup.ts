import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessIdentity, isAlive } from './identity';

const POLL_MS = 25;

/**
 * Ends a process and everything in its group: TERM, and KILL after the grace time. A process that
 * is not the recorded one is left alone.
 *
 * @param graceMs - milliseconds between the two.
 */
export async function killGroup(
  identity: ProcessIdentity,
  graceMs = 5_000,
): Promise<void> {
  if (!isAlive(identity)) {
    // The leader is gone; what it left behind still carries its group.
    signalGroup(identity.pid, 'SIGKILL');
    return;
  }
  signalGroup(identity.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isAlive(identity) && Date.now() < deadline) await sleep(POLL_MS);
  signalGroup(identity.pid, 'SIGKILL');
}

/** @returns false where the group is empty. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
