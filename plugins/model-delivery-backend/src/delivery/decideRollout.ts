import type {
  Rollout,
  RolloutStep,
  StepAnalysis,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Decision } from './decideProgress';

/** A step is looked at this often, so that a bad candidate does not wait for its end. */
const LOOKS_PER_STEP = 10;
const SHORTEST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 30_000;

/** What begins a roll-out, in a sentence. */
export function beginningOf(rollout: Rollout, version: string): string {
  const { weight, mirror } = stepOf(rollout);
  if (mirror) {
    return `Shadow: ${version} receives copies of the requests; no user sees its answers.`;
  }
  return `${version} answers ${weight} % of the requests.`;
}

export function stepOf({ steps, current }: Rollout): RolloutStep {
  return steps[current];
}

/**
 * Whether a step has begun, is to be judged and waits for nobody. The last one, which shifts all
 * traffic, is never judged.
 */
export function isObserved(rollout: Rollout | null): rollout is Rollout {
  if (!rollout || rollout.paused) return false;
  return stepOf(rollout).startedAt !== null && !isLast(rollout);
}

/**
 * Decides how a step goes on. It ends early only to fail. A step that cannot be judged at its end is
 * observed for as long again, and then pauses.
 */
export function decideRollout(
  rollout: Rollout,
  version: string,
  analysis: StepAnalysis,
  nowMs: number,
): Decision {
  const step = stepOf(rollout);
  const judged = withStep(rollout, { analysis });
  const elapsedMs = nowMs - Date.parse(step.startedAt!);
  if (analysis.outcome === 'fail') {
    return {
      do: 'move',
      move: {
        trigger: 'give-up',
        message: `${version} failed ${nameOf(step)}: ${analysis.sentence} The live version keeps serving.`,
        rollout: withStep(judged, { finishedAt: analysis.at }),
      },
    };
  }
  if (elapsedMs >= step.seconds * 1_000 && analysis.outcome === 'pass') {
    const next = advance(withStep(judged, { finishedAt: analysis.at }));
    return {
      do: 'move',
      move: {
        trigger: 'advance',
        message: `${capital(nameOf(step))} passed: ${analysis.sentence} ${beginningOf(next, version)}`,
        rollout: next,
      },
    };
  }
  if (elapsedMs >= 2 * step.seconds * 1_000) {
    const reason = `${capital(nameOf(step))} could not be judged: ${analysis.sentence}`;
    return {
      do: 'move',
      move: {
        trigger: 'pause',
        message: `${reason} Continue without a verdict, or cancel.`,
        rollout: { ...judged, paused: { reason, at: analysis.at } },
      },
    };
  }
  return { do: 'observe', rollout: judged };
}

export function continuedMessage(
  rollout: Rollout,
  version: string,
  reason: string,
): string {
  const skipped = nameOf(rollout.steps[rollout.current - 1]);
  return `Continued without a verdict on ${skipped}. ${beginningOf(rollout, version)} Reason: ${reason}`;
}

/** How the roll-out goes on when a person continues without a verdict. */
export function continued(
  rollout: Rollout,
  order: { by: string; reason: string },
  at: string,
): Rollout {
  return advance({
    ...withStep(rollout, { finishedAt: at, continuedBy: order }),
    paused: null,
  });
}

/**
 * When a roll-out is looked at next, in milliseconds from now. One that is paused, or whose traffic has
 * not shifted yet, is looked at only in case its candidate ended unreported.
 */
export function nextLookMs(rollout: Rollout, nowMs: number): number {
  if (isLast(rollout)) return 0;
  if (!isObserved(rollout)) return LONGEST_LOOK_MS;
  const step = stepOf(rollout);
  const stepMs = step.seconds * 1_000;
  const everyMs = Math.min(
    LONGEST_LOOK_MS,
    Math.max(SHORTEST_LOOK_MS, stepMs / LOOKS_PER_STEP),
  );
  const endMs = Date.parse(step.startedAt!) + stepMs - nowMs;
  return endMs > 0 ? Math.min(everyMs, endMs) : everyMs;
}

/** The step begins anew: its candidate was lost, or was never seen. */
export function restarted(rollout: Rollout): Rollout {
  return {
    ...withStep(rollout, { startedAt: null, analysis: null }),
    paused: null,
  };
}

/** Records that the traffic has shifted as the current step says. */
export function begun(rollout: Rollout, at: string): Rollout {
  return stepOf(rollout).startedAt
    ? rollout
    : withStep(rollout, { startedAt: at });
}

function advance(rollout: Rollout): Rollout {
  return { ...rollout, current: rollout.current + 1 };
}

function withStep(rollout: Rollout, change: Partial<RolloutStep>): Rollout {
  return {
    ...rollout,
    steps: rollout.steps.map((step, index) =>
      index === rollout.current ? { ...step, ...change } : step,
    ),
  };
}

function isLast({ steps, current }: Rollout): boolean {
  return current === steps.length - 1;
}

function nameOf({ weight, mirror }: RolloutStep): string {
  return mirror ? 'the shadow step' : `the step at ${weight} %`;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en-US') + text.slice(1);
}
