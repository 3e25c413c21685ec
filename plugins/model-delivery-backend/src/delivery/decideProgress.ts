import { isDeepStrictEqual } from 'node:util';
import type { Rollout } from '@slipway/plugin-model-delivery-common/schema';
import type { DeployProgress } from '@slipway/plugin-model-delivery-node';
import type { Note } from '../database/DeploymentExecution';
import type { Move } from '../database/deploymentMoves';
import type { StoredDeployment } from '../database/deploymentRows';

const MINUTE_MS = 60_000;

/** What is to be recorded of a deployment that is under way. */
export type Decision =
  | { do: 'nothing' }
  | { do: 'note'; note: Note; event: boolean }
  | { do: 'move'; move: Omit<Move, 'by'> }
  /** The step of a roll-out goes on, with its newest analysis. */
  | { do: 'observe'; rollout: Rollout }
  | { do: 'go-live'; message: string; digest: string | null };

export interface Time {
  nowMs: number;
  /** When this process began to follow deployments: what happened before, it could not see. */
  watchingSinceMs: number;
  timeoutMinutes: number;
}

/** Compares what a provider tells with what is recorded of a deployment that it accepted. */
export function decideProgress(
  deployment: StoredDeployment,
  progress: DeployProgress,
  expected: { title: string; digest: string | null },
  time: Time,
): Decision {
  switch (progress.phase) {
    case 'unknown':
      return move(
        'lose',
        `${expected.title} no longer knows this deployment. Slipway sends it again.`,
      );
    case 'failed':
      return move('fail', progress.message);
    case 'live':
      return decideLive(deployment, progress, expected);
    case 'rolling-out':
      // It splits traffic that nobody asked it to split, so the rest is its own work.
      return decideUnderWay(
        deployment,
        { phase: 'in-progress', message: progress.message },
        time,
      );
    default:
      return decideUnderWay(deployment, progress, time);
  }
}

function move(trigger: Move['trigger'], message: string): Decision {
  return { do: 'move', move: { trigger, message } };
}

/** What is served must be what was registered. */
function decideLive(
  deployment: StoredDeployment,
  progress: DeployProgress & { phase: 'live' },
  expected: { title: string; digest: string | null },
): Decision {
  const served = progress.digest ?? null;
  return served && expected.digest && served !== expected.digest
    ? move(
        'mismatch',
        `${expected.title} serves the digest ${served}, but ${deployment.version} is registered with the digest ${expected.digest}.`,
      )
    : {
        do: 'go-live',
        message: progress.message,
        digest: served ?? expected.digest,
      };
}

function decideUnderWay(
  deployment: StoredDeployment,
  progress: DeployProgress & { phase: 'in-progress' | 'verifying' },
  time: Time,
): Decision {
  const { phase, message, waitsFor, transfer } = progress;
  const deployRunId = progress.runId ?? deployment.deployRunId;
  // While it rolls out, a provider that prepares the candidate again only says where the work is.
  if (phase !== deployment.state && deployment.state !== 'rolling-out') {
    return {
      do: 'move',
      move: {
        trigger: phase === 'verifying' ? 'verify' : 'resume',
        message,
        deployRunId,
        waitsFor,
        transfer,
      },
    };
  }
  const waitChanged = !isDeepStrictEqual(waitsFor ?? null, deployment.waitsFor);
  // Within a state, the message of a run or of a wait is an event. Any other message only says where
  // the work is.
  const isEvent =
    deployRunId !== deployment.deployRunId ||
    waitChanged ||
    ((progress.runId !== undefined || waitsFor !== undefined) &&
      message !== deployment.message);
  if (
    isEvent ||
    message !== deployment.message ||
    !isDeepStrictEqual(transfer ?? null, deployment.transfer)
  ) {
    return {
      do: 'note',
      note: {
        message,
        deployRunId,
        waitsFor: waitsFor ?? null,
        transfer: transfer ?? null,
      },
      event: isEvent,
    };
  }
  return !waitsFor && isTimedOut(deployment, time)
    ? move(
        'give-up',
        `Timed out: no progress for ${time.timeoutMinutes} min. Last: ${message}`,
      )
    : { do: 'nothing' };
}

/** Whether a deployment made no progress for longer than its time-out. */
export function isTimedOut(deployment: StoredDeployment, time: Time): boolean {
  const sinceMs = Math.max(
    Date.parse(deployment.movedAt),
    time.watchingSinceMs,
  );
  return time.nowMs - sinceMs > time.timeoutMinutes * MINUTE_MS;
}
