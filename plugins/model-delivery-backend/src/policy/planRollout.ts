import type {
  Rollout,
  RolloutStep,
  RolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';

/** The steps of a strategy: the shadow, each canary weight, and at last all traffic. */
export function planRollout(strategy: RolloutStrategy): Rollout {
  const { canary, shadow } = strategy;
  const steps = canary.map(weight =>
    step(weight, secondsOf(strategy.interval), strategy.minRequests),
  );
  if (shadow) {
    steps.unshift({
      ...step(0, secondsOf(shadow.duration), shadow.minRequests),
      mirror: true,
    });
  }
  return {
    steps: [...steps, step(100, 0, 0)],
    current: 0,
    limits: {
      maxErrorRate: strategy.maxErrorRate,
      maxP95Ratio: strategy.maxP95Ratio,
      maxMixDistance: strategy.maxMixDistance ?? null,
      minAgreement: shadow?.minAgreement ?? null,
    },
    sticky: strategy.sticky ?? null,
    paused: null,
  };
}

function step(
  weight: number,
  seconds: number,
  minRequests: number,
): RolloutStep {
  return {
    weight,
    mirror: false,
    seconds,
    minRequests,
    startedAt: null,
    finishedAt: null,
    analysis: null,
    continuedBy: null,
  };
}
