import {
  isOpenState,
  transition,
  type DeploymentState,
} from '@slipway/plugin-model-delivery-common';
import {
  type Rollout,
  rolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  DeployProgress,
  TrafficComparison,
} from '@slipway/plugin-model-delivery-node';
import fc from 'fast-check';
import { newDeployment } from '../__testUtils__/deliveryParts';
import type { HeldDeployment } from '../database/deploymentRows';
import { machineOf } from '../database/deploymentRows';
import { planRollout } from '../policy/planRollout';
import { type Decision, decideProgress } from './decideProgress';
import { begun } from './decideRollout';
import type { Place } from './PlaceFinder';
import { RolloutFollower } from './RolloutFollower';

jest.setTimeout(120_000);

const RUNS = 10_000;
const STEP_MS = 60_000;
const BEGIN = Date.UTC(2026, 0, 1);
const plan = planRollout(
  rolloutStrategy.parse({ canary: [10, 50], interval: '1m', minRequests: 1 }),
);
const stats = (errors: number) => ({
  requests: 100,
  errors,
  p95Ms: 1,
  p95RangeMs: null,
  predictions: {},
});

/** One report of a provider, and what the candidate answered by then. */
interface Report {
  progress: DeployProgress;
  /** Of 100 requests. */
  errors: number;
}

const underWay = fc.constantFrom<DeployProgress>(
  { phase: 'unknown' },
  { phase: 'in-progress', message: 'Starts.' },
  { phase: 'in-progress', message: 'Starts.', runId: '7' },
  {
    phase: 'in-progress',
    message: 'Waits.',
    waitsFor: { kind: 'person', url: null },
  },
  { phase: 'verifying', message: 'Verifies.' },
  { phase: 'rolling-out', message: 'Ready.', weight: 0 },
  { phase: 'rolling-out', message: 'Ready.', weight: 50 },
);
const ending = fc.constantFrom<DeployProgress>(
  { phase: 'live', message: 'Answers.', at: new Date(BEGIN).toISOString() },
  { phase: 'failed', message: 'It ended.' },
);
const report = (progress: fc.Arbitrary<DeployProgress>) =>
  fc.record<Report>({ progress, errors: fc.constantFrom(0, 0, 0, 2) });

const terminal = (state: DeploymentState) => !isOpenState(state);

/** Follows a deployment through reports, one a minute, as the reconciler does. */
class Follower {
  readonly trace: DeploymentState[] = [];
  #held: HeldDeployment;
  #clock = BEGIN;

  constructor(rollout: Rollout | null) {
    const at = new Date(BEGIN).toISOString();
    this.#held = {
      ...newDeployment({ entityRef: 'mlmodel:default/m' } as never, {
        rollout,
      }),
      ...({
        state: 'in-progress',
        endsAs: null,
        dispatchedAt: at,
        movedAt: at,
        deployRunId: null,
        waitsFor: null,
        transfer: null,
        revision: 0,
        leaseToken: 't',
      } as Partial<HeldDeployment>),
    } as HeldDeployment;
    this.#enter('in-progress');
  }

  get state(): DeploymentState {
    return this.#held.state;
  }

  async see({ progress, errors }: Report): Promise<void> {
    this.#clock += STEP_MS;
    const { state, rollout } = this.#held;
    if (terminal(state)) return;
    // The effects of the transition before: the order is sent again, the traffic shifts.
    if (state === 'requested') this.#apply('accept');
    if (state === 'cancelling') {
      this.#apply(progress.phase === 'live' ? 'go-live' : 'stopped');
      return;
    }
    if (state === 'rolling-out' && rollout) {
      const at = new Date(this.#clock - STEP_MS).toISOString();
      this.#held = { ...this.#held, rollout: begun(rollout, at) };
    }
    this.#record(await this.#decide(progress, errors));
  }

  #decide(progress: DeployProgress, errors: number): Promise<Decision> {
    const held = this.#held;
    const traffic: TrafficComparison = {
      candidate: stats(errors),
      live: stats(0),
      agreement: null,
    };
    if (progress.phase === 'rolling-out' && held.rollout) {
      return new RolloutFollower(() => new Date(this.#clock)).decide(
        { ...held, rollout: held.rollout },
        {
          provider: { id: 'fake', getTraffic: async () => traffic },
          target: {},
        } as unknown as Place,
        new AbortController().signal,
        1_000,
      );
    }
    return Promise.resolve(
      decideProgress(
        held,
        progress,
        { title: 'Fake', digest: null },
        {
          nowMs: this.#clock,
          watchingSinceMs: this.#clock,
          timeoutMinutes: 15,
        },
      ),
    );
  }

  #record(decision: Decision): void {
    if (decision.do === 'go-live') this.#apply('go-live');
    if (decision.do === 'note')
      this.#held = { ...this.#held, ...decision.note };
    if (decision.do === 'observe') {
      this.#held = { ...this.#held, rollout: decision.rollout };
    }
    if (decision.do === 'move') {
      const { trigger, message, rollout, deployRunId, waitsFor } =
        decision.move;
      this.#held = {
        ...this.#held,
        message,
        deployRunId: deployRunId ?? this.#held.deployRunId,
        waitsFor: waitsFor ?? null,
        rollout: rollout ?? this.#held.rollout,
      };
      this.#apply(trigger);
    }
  }

  #apply(trigger: Parameters<typeof transition>[1]): void {
    const result = transition(machineOf(this.#held), trigger);
    // What is decided is always legal.
    if (!result) throw new Error(`${trigger} in ${this.state}`);
    this.#held = { ...this.#held, ...result };
    this.#enter(result.state);
  }

  #enter(state: DeploymentState): void {
    this.trace.push(state);
  }
}

const follow = async (reports: Report[], rollout: Rollout | null) => {
  const follower = new Follower(rollout);
  for (const one of reports) await follower.see(one);
  return follower;
};

describe('reports of a provider, in any order and any number', () => {
  const sequence = fc.array(report(underWay), { maxLength: 20 });
  const rollouts = fc.constantFrom(plan, null);

  it('end a deployment as the provider ended it, unless the roll-out failed before', async () => {
    await fc.assert(
      fc.asyncProperty(
        sequence,
        report(ending),
        rollouts,
        async (reports, end, rollout) => {
          // Twice, since a cancellation ends with the report after it.
          const { state, trace } = await follow(
            [...reports, end, end],
            rollout,
          );
          expect(terminal(state)).toBe(true);
          const ends = [
            end.progress.phase,
            trace.includes('cancelling') && 'failed',
          ];
          expect(ends).toContain(state);
          expect(trace.filter(s => s === 'live').length).toBeLessThan(2);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('change nothing after the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        report(ending),
        fc.array(report(fc.oneof(underWay, ending)), { maxLength: 10 }),
        rollouts,
        async (end, late, rollout) => {
          const before = await follow([end], rollout);
          const after = await follow([end, ...late], rollout);
          expect(after.trace).toEqual(before.trace);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('lead to the same states when each comes several times', async () => {
    // An order that is lost twice is sent twice, and a step that runs goes on: both are news.
    const steady = fc.array(
      report(
        underWay.filter(({ phase }) =>
          ['in-progress', 'verifying'].includes(phase),
        ),
      ),
      { maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(
        steady,
        report(ending),
        fc.integer({ min: 2, max: 4 }),
        async (reports, end, times) => {
          const once = await follow([...reports, end], null);
          const repeated = await follow(
            [...reports, end].flatMap(one => Array(times).fill(one)),
            null,
          );
          expect(repeated.trace).toEqual(once.trace);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
