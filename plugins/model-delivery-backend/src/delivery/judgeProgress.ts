import { isDeepStrictEqual } from 'node:util';
import type { OutsideWait } from '@slipway/plugin-model-delivery-common/schema';
import type { DeployProgress } from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/deploymentRows';

const MINUTE_MS = 60_000;

/** What is to be recorded of a deployment under way. */
export type Verdict =
  | { is: 'unchanged' }
  | { is: 'failed'; message: string }
  | { is: 'live'; message: string }
  | {
      is: 'news';
      state: 'in-progress' | 'verifying';
      message: string;
      runId: string | null;
      waitsFor?: OutsideWait;
    };

export interface Time {
  nowMs: number;
  /** What was before, nobody of this process looked at. */
  lookingSinceMs: number;
  patienceMinutes: number;
}

/**
 * Sets what a provider tells against what is recorded. What waits for somebody outside is never
 * given up; the rest is where nothing moved for too long, counted from its last move and not from
 * before anybody looked.
 */
export function judgeProgress(
  deployment: StoredDeployment,
  progress: Exclude<DeployProgress, { phase: 'unknown' }>,
  time: Time,
): Verdict {
  const { message } = progress;
  if (progress.phase === 'failed') return { is: 'failed', message };
  if (progress.phase === 'live') return { is: 'live', message };
  const { phase, runId = deployment.runId, waitsFor } = progress;
  const waitChanged = !isDeepStrictEqual(waitsFor ?? null, deployment.waitsFor);
  // Of a run, and of a wait, the message is news within a phase too.
  const tellsNews =
    (progress.runId !== undefined || waitsFor !== undefined) &&
    message !== deployment.message;
  if (
    phase !== deployment.state ||
    runId !== deployment.runId ||
    waitChanged ||
    tellsNews
  ) {
    return { is: 'news', state: phase, message, runId, waitsFor };
  }
  return !waitsFor && standsStill(deployment, time)
    ? {
        is: 'failed',
        message: `Nothing moved for ${time.patienceMinutes} min: ${message}`,
      }
    : { is: 'unchanged' };
}

/** Whether nothing moved for longer than is waited for. */
export function standsStill(deployment: StoredDeployment, time: Time): boolean {
  const { nowMs, lookingSinceMs, patienceMinutes } = time;
  const stillMs =
    nowMs - Math.max(Date.parse(deployment.movedAt), lookingSinceMs);
  return stillMs > patienceMinutes * MINUTE_MS;
}
