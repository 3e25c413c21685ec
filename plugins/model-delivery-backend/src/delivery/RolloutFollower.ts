import {
  type Rollout,
  type StepAnalysis,
  trafficComparison,
} from '@slipway/plugin-model-delivery-common/schema';
import type { HeldDeployment } from '../database/deploymentRows';
import { analyseStep } from '../policy/analyseStep';
import { parseAnswer } from '../providers/parseAnswer';
import { problemOf } from '../providers/problemOf';
import type { Decision } from './decideProgress';
import {
  beginningOf,
  decideRollout,
  isObserved,
  restarted,
  stepOf,
} from './decideRollout';
import type { Place } from './PlaceFinder';

/** Measures the step of a roll-out and says what follows from it. */
export class RolloutFollower {
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @param timeoutMs - of the signal, for the sentence that says so. */
  async decide(
    held: HeldDeployment & { rollout: Rollout },
    place: Place,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<Decision> {
    const { rollout, version } = held;
    if (held.state !== 'rolling-out') {
      const first = restarted(rollout);
      return {
        do: 'move',
        move: {
          trigger: 'roll-out',
          message: beginningOf(first, version),
          rollout: first,
        },
      };
    }
    if (!isObserved(rollout)) return { do: 'nothing' };
    const analysis = await this.#analyse(held, place, signal, timeoutMs);
    return decideRollout(rollout, version, analysis, this.#now().getTime());
  }

  /** Traffic that cannot be read is unknown: never zeros, and never a pass. */
  async #analyse(
    { id, rollout }: HeldDeployment & { rollout: Rollout },
    { provider, target }: Place,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<StepAnalysis> {
    const step = stepOf(rollout);
    const at = this.#now().toISOString();
    const unknown = (sentence: string): StepAnalysis => ({
      outcome: 'unknown',
      sentence,
      traffic: null,
      at,
    });
    if (!provider.getTraffic) {
      return unknown(`${provider.title} does not measure the traffic.`);
    }
    try {
      const traffic = parseAnswer(
        provider,
        { thing: `deployment ${id}`, part: 'traffic' },
        trafficComparison,
        await provider.getTraffic(
          target,
          id,
          { from: step.startedAt!, to: at },
          { signal },
        ),
      );
      return { ...analyseStep(step, traffic, rollout.limits), traffic, at };
    } catch (error) {
      const { message } = problemOf(error, timeoutMs);
      return unknown(`The traffic could not be measured: ${message}`);
    }
  }
}
