import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * When a process began, as the system counts it: clock ticks since boot on Linux, a date
 * elsewhere. With the pid it names one process for ever, since pids are given out again.
 *
 * @returns undefined where no such process lives; a zombie does not live.
 */
export function startedTicks(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the command in parentheses and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const [state, ...started] = execFileSync(
      'ps',
      ['-o', 'stat=,lstart=', '-p', String(pid)],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

export interface ProcessIdentity {
  pid: number;
  startedTicks: string;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startedTicks(identity.pid) === identity.startedTicks;
}
