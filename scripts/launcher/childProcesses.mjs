import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STATE } from './paths.mjs';

const RECORDS = path.join(STATE, 'local', 'processes');
const GRACE_MS = 6000;

/**
 * Ends the model servers and jobs that the engine recorded. A record is believed only if a process
 * with its id started when the record says, so that no stranger is ended.
 */
export async function endRecordedProcesses() {
  const alive = recorded().filter(isAlive);
  for (const { pid } of alive) signal(-pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (alive.some(isAlive) && Date.now() < deadline) await delay(50);
  for (const record of alive.filter(isAlive)) signal(-record.pid, 'SIGKILL');
  return alive.length;
}

function recorded() {
  try {
    return fs
      .readdirSync(RECORDS)
      .filter(name => name.endsWith('.json'))
      .map(name =>
        JSON.parse(fs.readFileSync(path.join(RECORDS, name), 'utf8')),
      );
  } catch {
    return [];
  }
}

function isAlive({ pid, startedTicks }) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return startedTicks === undefined || ticksOf(pid) === startedTicks;
}

/** When a process started; where the system does not tell, the id alone has to do. */
function ticksOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Signals a process or, with a negative id, a group; one that is gone is no error. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
