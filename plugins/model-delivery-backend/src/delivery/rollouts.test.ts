import {
  modelSpecFromEntity,
  rolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import type { TrafficComparison } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import {
  anyone,
  deliveryParts,
  newDeployment,
} from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { planRollout } from '../policy/planRollout';

const spec = modelSpecFromEntity(modelEntity());
const ref = spec.entityRef;
const MINUTE = 60_000;
const strategy = rolloutStrategy.parse({
  shadow: { duration: '5m' },
  canary: [10, 50],
  interval: '10m',
});
const answered = (
  requests: number,
  errors: number,
  p95Ms = 20,
): TrafficComparison['candidate'] => ({
  requests,
  errors,
  p95Ms: requests > 0 ? p95Ms : null,
  p95RangeMs: null,
  predictions: {},
});

describe('a roll-out in steps', () => {
  let system: FakeSystem;
  let stores: Stores;
  let knex: Knex;
  let clock: number;
  let parts: ReturnType<typeof deliveryParts>;
  const id = 'd-1';
  const now = () => new Date(clock);
  const at = () => now().toISOString();
  const notified: string[] = [];
  const started = () =>
    deliveryParts({
      stores,
      system,
      now,
      notifications: {
        send: async ({ payload }) => {
          notified.push(payload.title);
        },
      },
    });
  const deployment = async () => (await stores.deployments.get(id))!;
  const state = async () => (await deployment()).state;
  const weights = () => system.splits.map(([, split]) => split.weight);
  const messages = async () =>
    (await stores.deployments.events(id)).map(({ message }) => message);
  const measured = (candidate: TrafficComparison['candidate']) => {
    system.traffic = () => ({
      candidate,
      live: answered(200, 0),
      agreement: null,
    });
  };
  /** Lets that much time pass, with a step every half minute. */
  const pass = async (minutes: number) => {
    for (let half = 0; half < 2 * minutes; half += 1) {
      clock += MINUTE / 2;
      await parts.round();
    }
  };

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    notified.length = 0;
    system = new FakeSystem();
    system.onDeploy = () => ({
      phase: 'rolling-out',
      message: 'The candidate is ready.',
      weight: 0,
    });
    parts = started();
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(ref, fakeVersion(1), fakeVersion(2));
    await stores.deployments.create(
      newDeployment(spec, { id, rollout: planRollout(strategy) }),
      at(),
    );
    await parts.round();
    clock += 1_000;
    await parts.round();
  });
  afterEach(() => knex.destroy());

  it('goes from the shadow through each weight to live, each shift once', async () => {
    expect(await deployment()).toMatchObject({
      state: 'rolling-out',
      message:
        'Shadow: 0.1.0 receives copies of the requests; no user sees its answers.',
    });
    await pass(30);
    expect(await state()).toBe('live');
    expect(system.splits).toEqual([
      [id, { weight: 0, mirror: true }],
      [id, { weight: 10, mirror: false }],
      [id, { weight: 50, mirror: false }],
      [id, { weight: 100, mirror: false }],
    ]);
    const { rollout } = await deployment();
    expect(
      rollout!.steps.map(s => [s.weight, s.analysis?.outcome ?? null]),
    ).toEqual([
      [0, 'pass'],
      [10, 'pass'],
      [50, 'pass'],
      [100, null],
    ]);
    expect(await messages()).toEqual([
      'Queued.',
      'Fake system accepted 0.1.0 for production.',
      expect.stringContaining('Shadow: 0.1.0'),
      expect.stringMatching(/^The shadow step passed: .* answers 10 %/),
      expect.stringMatching(/^The step at 10 % passed: .* answers 50 %/),
      expect.stringMatching(/^The step at 50 % passed: .* answers 100 %/),
      'Answers.',
    ]);
  });

  it('observes a step for as long as it is declared', async () => {
    await pass(4);
    expect(weights()).toEqual([0]);
    await pass(2);
    expect(weights()).toEqual([0, 10]);
    await pass(8);
    expect(weights()).toEqual([0, 10]);
    await pass(2);
    expect(weights()).toEqual([0, 10, 50]);
  });

  it('ends a candidate that fails before its step is over, and says the figures', async () => {
    await pass(6);
    measured(answered(200, 12));
    await pass(1);
    const ended = await deployment();
    expect(ended.state).toBe('failed');
    expect(ended.message).toBe(
      '0.1.0 failed the step at 10 %: 6 % of 200 requests failed, live 0 % of 200, limit 1 % more. The live version keeps serving.',
    );
    expect(system.cancelled).toEqual([id]);
    expect(weights()).toEqual([0, 10]);
  });

  it('pauses where a step had too few requests for twice its time, and asks', async () => {
    measured(answered(3, 0));
    await pass(9);
    expect((await deployment()).rollout!.paused).toBeNull();
    await pass(2);
    expect(await deployment()).toMatchObject({
      state: 'rolling-out',
      message:
        'The shadow step could not be judged: Too few requests for a verdict: the candidate answered 3 and the live version 200; 100 of each are needed. Continue without a verdict, or cancel.',
      rollout: { paused: { reason: expect.any(String) } },
    });
    await pass(60);
    expect(weights()).toEqual([0]);
    expect(notified).toEqual([
      'penguin-species 0.1.0 in production has paused its roll-out and waits for a decision',
    ]);
    const next = await parts.delivery.continueRollout(ref, id, {
      by: 'user:default/ada',
      reason: 'No traffic at night.',
    });
    expect(next.rollout).toMatchObject({ current: 1, paused: null });
    expect(next.events.at(-1)).toMatchObject({
      by: 'user:default/ada',
      message:
        'Continued without a verdict on the shadow step. 0.1.0 answers 10 % of the requests. Reason: No traffic at night.',
    });
    await pass(1);
    expect(weights()).toEqual([0, 10]);
    await expect(
      parts.delivery.continueRollout(ref, id, { by: 'user:x', reason: 'R' }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it('does not take traffic that cannot be measured for a pass', async () => {
    system.traffic = () => {
      throw new Error('connection refused');
    };
    await pass(6);
    expect((await deployment()).rollout!.steps[0].analysis).toMatchObject({
      outcome: 'unknown',
      sentence: 'The traffic could not be measured: connection refused',
      traffic: null,
    });
    await pass(6);
    expect((await deployment()).rollout!.paused).not.toBeNull();
  });

  it('can be cancelled in any step, also while it is paused', async () => {
    measured(answered(0, 0));
    await pass(12);
    await parts.delivery.cancel(ref, id, 'user:default/ada', anyone);
    await pass(1);
    expect(await state()).toBe('cancelled');
    expect(system.cancelled).toEqual([id]);
  });

  it('fails when its candidate ended in the middle of a step', async () => {
    await pass(6);
    system.progress.set(id, { phase: 'failed', message: 'It ended.' });
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      message: 'It ended.',
    });
  });

  it('begins a step again when its candidate was lost, and keeps the steps before', async () => {
    await pass(6);
    system.progress.delete(id);
    await pass(2);
    expect(await state()).toBe('rolling-out');
    expect(system.dispatched).toEqual([id, id]);
    expect(weights()).toEqual([0, 10, 10]);
    await pass(25);
    expect(await state()).toBe('live');
  });

  it('shifts again after a crash between the shift and its record', async () => {
    await pass(4);
    const late = jest
      .spyOn(stores.rollouts, 'shifted')
      .mockRejectedValueOnce(new Error('killed here'));
    await pass(2);
    expect(late).toHaveBeenCalled();
    parts = started();
    await pass(2);
    expect(weights()).toEqual([0, 10, 10]);
    await pass(25);
    expect(await state()).toBe('live');
    expect((await deployment()).rollout!.steps.every(s => s.startedAt)).toBe(
      true,
    );
  });

  it('goes on in another process after the lease of a killed one ended', async () => {
    await pass(3);
    const [held] = await stores.execution.claim('fake', {
      now: new Date(clock + MINUTE).toISOString(),
      until: new Date(clock + 2 * MINUTE).toISOString(),
      limit: 1,
    });
    expect(held.id).toBe(id);
    parts = started();
    await pass(1);
    expect(weights()).toEqual([0]);
    await pass(28);
    expect(await state()).toBe('live');
    expect(await stores.rollouts.observed(held, held.rollout!)).toBeUndefined();
    expect(weights()).toEqual([0, 10, 50, 100]);
  });

  it('shifts all traffic at once for the first version and for a roll back', async () => {
    const declared = modelSpecFromEntity(modelEntity('declared'));
    declared.environments[1] = {
      ...declared.environments[1],
      after: undefined,
      gates: [],
      strategy,
    };
    await stores.models.upsert(declared, [], at());
    await stores.versions.upsert(
      declared.entityRef,
      fakeVersion(1),
      fakeVersion(2),
    );
    system.onDeploy = () => ({ phase: 'live', message: 'Answers.', at: at() });
    const order = (version: string) => ({
      environment: 'production',
      version,
      reason: 'Go',
      by: 'user:default/ada',
      automatic: false,
      override: false,
      requestKey: `key ${version}`,
    });
    const first = await parts.delivery.deploy(declared, order('0.1.0'));
    expect(first.rollout).toBeNull();
    await pass(1);
    const second = await parts.delivery.deploy(declared, order('0.2.0'));
    expect(second.rollout?.steps.map(s => s.weight)).toEqual([0, 10, 50, 100]);
    await pass(1);
    const back = await parts.rollbacks.rollback(declared, {
      ...order('0.1.0'),
      requestKey: 'back',
    });
    expect(back.rollout).toBeNull();
  });
});
