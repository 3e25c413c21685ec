import { mockServices } from '@backstage/backend-test-utils';
import {
  type FeedbackRule,
  type ModelSpec,
  modelSpecFromEntity,
  type MonitorState,
  run as runSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type DataSnapshot,
  type MonitorProvider,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { deliveryParts, newDeployment } from '../__testUtils__/deliveryParts';
import {
  comparedWith,
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { createFeedback } from './createFeedback';

const MINUTE = 60_000;
const RULE: FeedbackRule = {
  when: { monitor: 'latency-p95', is: 'critical', count: 2, of: 3 },
  then: 'retrain',
};

describe('what follows from a monitor', () => {
  let spec: ModelSpec;
  let ref: string;
  let system: FakeSystem;
  let stores: Stores;
  let knex: Knex;
  let clock: number;
  let parts: ReturnType<typeof deliveryParts>;
  let snapshot: DataSnapshot | undefined;
  let triggered: string[];
  const sent = jest.fn();
  const now = () => new Date(clock);
  const at = () => now().toISOString();

  /** What one process works with, as it has just started. */
  const start = (limits = { retrainsPerDay: 3, dryRun: false }) => {
    const registry = new ProviderRegistry();
    registry.add('pipelines', system);
    registry.add('monitors', system);
    return createFeedback({
      stores,
      registry,
      targets: parts.targets,
      delivery: parts.delivery,
      rollbacks: parts.rollbacks,
      notifications: { send: sent },
      limits,
      logger: mockServices.logger.mock(),
      now,
    });
  };
  let feedback: ReturnType<typeof start>;
  const settle = async () => {
    for (let i = 0; i < 2; i += 1) {
      clock += 1_000;
      await parts.round();
    }
  };

  beforeEach(async () => {
    spec = modelSpecFromEntity(modelEntity());
    spec.feedback = [RULE];
    spec.environments[1] = {
      ...spec.environments[1],
      gates: [],
      approvals: { required: 1, from: ['group:default/reviewers'] },
    };
    ref = spec.entityRef;
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    system = new FakeSystem();
    snapshot = undefined;
    triggered = [];
    sent.mockReset();
    Object.assign(system, {
      trigger: async (_: unknown, request: { key: string }) => {
        triggered.push(request.key);
        return { runId: 'run-2' };
      },
      snapshotData: async () => snapshot,
    });
    parts = deliveryParts({ stores, system, now });
    feedback = start();
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(ref, fakeVersion(1));
    for (const environment of ['staging', 'production']) {
      await stores.deployments.create(
        newDeployment(spec, { environment }),
        at(),
      );
      await settle();
    }
  });
  afterEach(() => knex.destroy());

  /** Reads the monitor once for each state, and looks at its rules after each. */
  const reads = async (...states: MonitorState[]) => {
    for (const state of states) {
      clock += 15_000;
      await stores.monitors.put(
        ref,
        {
          name: 'latency-p95',
          signal: 'latency',
          environment: 'production',
          provider: 'fake',
          unit: 's',
          state,
          reason: '',
          since: at(),
          reading: {
            at: at(),
            value: 0.7,
            insufficient: state === 'insufficient',
            reason: null,
            parts: [],
            version: null,
            unavailable: false,
            alerts: [],
            alertsUnknown: null,
          },
          warning: null,
          critical: null,
        },
        at(),
      );
      await feedback.consider(spec);
    }
  };
  const rounds = async (count = 3) => {
    for (let i = 0; i < count; i += 1) {
      clock += 10_000;
      await feedback.worker.round();
    }
  };
  const newest = async () => {
    const { items } = await stores.incidents.list(ref, {}, { limit: 9 });
    return feedback.service.get(spec, items[0].id);
  };
  const thread = async () => (await newest()).thread.map(e => e.type);
  const runEnds = (version: string | null, status = 'passed') =>
    stores.runs.upsert(
      ref,
      runSchema.parse({
        id: 'run-2',
        provider: 'fake',
        number: 2,
        attempt: 1,
        kind: 'training',
        status,
        reason: null,
        branch: 'main',
        commit: null,
        commitMessage: null,
        author: null,
        trigger: 'retrain',
        createdAt: at(),
        startedAt: at(),
        finishedAt: at(),
        jobsDone: 1,
        jobsTotal: 1,
        version,
        url: null,
      }),
      [],
      { pipeline: null, at: at() },
    );
  /** The run registers 0.2.0, with what its gates need. */
  const registers = async () => {
    await runEnds('0.2.0');
    await stores.versions.upsert(ref, fakeVersion(2));
    await stores.versions.putEvidence(ref, { type: 'version', id: '0.2.0' }, [
      unitTests(),
      comparedWith(fakeVersion(1), [0.01, 0.03]),
    ]);
  };
  const goLive = async (version: string, environment: string) => {
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, { version, environment }),
      at(),
    );
    await settle();
    return deployment.id;
  };

  it('goes from samples to a request, and closes when the candidate is live', async () => {
    await reads('healthy', 'critical', 'critical');
    await rounds();
    expect(triggered).toHaveLength(1);
    expect(await newest()).toMatchObject({
      phase: 'training',
      version: '0.1.0',
      runId: 'run-2',
    });
    await registers();
    await rounds();
    // Automatic delivery brings it into staging.
    expect((await newest()).message).toBe(
      'Automatic delivery brings 0.2.0 into staging.',
    );
    await goLive('0.2.0', 'staging');
    await rounds(1);
    const { deploymentId } = await newest();
    const requested = await stores.deployments.get(deploymentId!);
    expect(requested).toMatchObject({
      environment: 'production',
      version: '0.2.0',
      state: 'waiting',
      requestedBy: 'system',
    });
    await parts.approvals.approve(spec, {
      deploymentId: requested!.id,
      person: {
        by: 'user:default/rae',
        ownership: ['user:default/rae', 'group:default/reviewers'],
        email: null,
      },
      reason: null,
      gateHash: undefined,
    });
    await settle();
    await settle();
    await rounds(1);
    expect(await newest()).toMatchObject({
      phase: 'closed',
      cause: 'replaced',
      message: '0.1.0 was replaced by 0.2.0 in production.',
    });
    expect(await thread()).toEqual([
      'opened',
      'action',
      'run',
      'candidate',
      'comparison',
      'comparison',
      'held',
      'promotion',
      'closed',
    ]);
    const [opened] = (await newest()).thread;
    expect(opened.samples!.map(s => s.state)).toEqual([
      'healthy',
      'critical',
      'critical',
    ]);
  });

  describe('compares the candidate on labels that came in since its data was taken', () => {
    const compared = async (
      answerAgain?: MonitorProvider['answerAgain'],
      getLabelled: MonitorProvider['getLabelled'] = async () => [],
    ) => {
      Object.assign(system, { getLabelled, answerAgain });
      await reads('critical', 'critical');
      await rounds();
      await registers();
      await rounds();
      const { thread: entries } = await newest();
      return entries.find(({ type }) => type === 'comparison')!.message;
    };
    const row = (index: number) => ({
      id: `p${index}`,
      row: 0,
      predictedAt: at(),
      labelledAt: at(),
      label: 'a',
      answer: 'a',
    });

    it('with the live version, and asks for nothing older', async () => {
      const answerAgain = jest.fn(async () => [
        ...Array.from({ length: 40 }, (_, i) => ({
          ...row(i),
          version: '0.1.0',
          predicted: i < 20 ? 'a' : 'b',
        })),
        // Of an earlier version, and one that does not hold.
        { ...row(40), version: '0.0.9', predicted: 'a' },
        { ...row(41), version: '0.1.0', predicted: null as never },
      ]);
      expect(await compared(answerAgain)).toContain(
        'On 40 rows that were labelled since the training data was taken, 0.2.0 is right in 100 %, and 0.1.0 in 50 %: 50 points better',
      );
      const run = await stores.runs.get(ref, 'run-2');
      expect(answerAgain).toHaveBeenCalledWith(
        expect.objectContaining({ environment: 'production' }),
        { since: run!.run.createdAt, limit: 500, version: '0.2.0' },
        expect.anything(),
      );
    });

    it('or says why it cannot, and goes on', async () => {
      expect(
        await compared(async () => {
          throw new ProviderError('not-found', 'There is no 0.2.0 here.');
        }),
      ).toBe('No labels compare the versions: There is no 0.2.0 here.');
      expect((await newest()).phase).toBe('promoting');
    });

    it('and says so where the source keeps no inputs, or no labels', async () => {
      expect(await compared()).toBe(
        'No labels compare the versions: Fake system cannot have 0.2.0 answer the labelled rows.',
      );
    });
  });

  it('opens once while it fires, and again only after it was closed', async () => {
    await reads(...Array(10).fill('critical'));
    await feedback.consider(spec);
    expect(
      (await stores.incidents.list(ref, {}, { limit: 9 })).items,
    ).toHaveLength(1);
  });

  it('neither opens nor closes on insufficient data', async () => {
    spec.feedback = [{ ...RULE, dryRun: true }];
    await stores.models.upsert(spec, [], at());
    await reads('critical', 'insufficient', 'unknown');
    expect(await stores.incidents.openOf(ref)).toEqual([]);
    await reads('critical');
    await rounds(1);
    await reads('insufficient', 'healthy', 'insufficient');
    expect(await newest()).toMatchObject({ phase: 'watching' });
    await reads('healthy');
    expect(await newest()).toMatchObject({
      cause: 'recovered',
      message: 'latency-p95 recovered: 2 healthy samples in a row.',
    });
  });

  it('says that nothing changed, instead of training the same model', async () => {
    const commit = fakeVersion(1).commit!;
    await stores.versions.upsert(
      ref,
      fakeVersion(1, { datasetDigest: 'sha256:a' }),
    );
    snapshot = { commit, datasetDigest: 'sha256:a', arrived: null };
    await reads('critical', 'critical');
    await rounds();
    expect(triggered).toEqual([]);
    expect(await newest()).toMatchObject({ phase: 'watching', runId: null });
    expect((await newest()).message).toContain(
      'Nothing changed since 0.1.0 was trained',
    );
    expect(await stores.incidents.isTraining(ref)).toBe(false);
    expect((await feedback.service.status(spec)).retrainsLastDay).toBe(0);
  });

  it.each([
    ['the data is other data', { datasetDigest: 'sha256:b' }],
    ['it is not known whether the data changed', { datasetDigest: null }],
    ['the commit is another one', { commit: 'f'.repeat(40) }],
  ])('trains where %s', async (_, overrides) => {
    await stores.versions.upsert(
      ref,
      fakeVersion(1, { datasetDigest: 'sha256:a' }),
    );
    snapshot = {
      commit: fakeVersion(1).commit!,
      datasetDigest: 'sha256:a',
      arrived: '34 rows arrived.',
      ...overrides,
    };
    await reads('critical', 'critical');
    await rounds();
    expect(triggered).toHaveLength(1);
    expect((await newest()).message).toBe('Training began. 34 rows arrived.');
  });

  it('writes in a dry run what it would do, and does nothing', async () => {
    feedback = start({ retrainsPerDay: 3, dryRun: true });
    await reads('critical', 'critical');
    await rounds();
    expect(triggered).toEqual([]);
    expect(await thread()).toEqual(['opened', 'dry-run']);
    expect((await newest()).message).toBe(
      'Dry run: it would train the model again. Nothing was done.',
    );
  });

  it('does nothing while it is switched off, says by whom, and goes on after', async () => {
    const order = { by: 'user:default/ada', reason: 'The sensor is broken' };
    await feedback.service.switch(ref, { on: false, ...order });
    await reads('critical', 'critical');
    await rounds();
    expect(triggered).toEqual([]);
    expect((await newest()).message).toBe(
      'Feedback is switched off for this model by user:default/ada: The sensor is broken',
    );
    expect(await thread()).toEqual(['opened', 'held']);
    await feedback.service.switch(ref, { on: true, ...order });
    await rounds();
    expect(triggered).toHaveLength(1);
  });

  it('waits for the budget, and acts when the day is over', async () => {
    feedback = start({ retrainsPerDay: 1, dryRun: false });
    spec.feedback = [{ ...RULE, cooldown: '1m' }];
    await stores.models.upsert(spec, [], at());
    await reads('critical', 'critical');
    await rounds();
    await runEnds(null, 'failed');
    await rounds();
    await reads('healthy', 'healthy');
    expect(await newest()).toMatchObject({ cause: 'recovered' });
    clock += 5 * MINUTE;
    await reads('critical', 'critical');
    await rounds();
    expect(triggered).toHaveLength(1);
    expect((await newest()).message).toContain(
      'The budget of 1 trainings a day is spent',
    );
    clock += 24 * 60 * MINUTE;
    await rounds();
    expect(triggered).toHaveLength(2);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a run that fails',
      () => runEnds(null, 'failed'),
      'Run 2 registered no version (failed).',
    ],
    [
      'a version that its pipeline rejects',
      async () => {
        await registers();
        await stores.versions.upsert(
          ref,
          fakeVersion(2, { status: 'rejected', reasons: ['too small'] }),
        );
        await stores.versions.putEvidence(
          ref,
          { type: 'version', id: '0.2.0' },
          [unitTests()],
        );
      },
      '0.2.0 was rejected by its pipeline: too small',
    ],
    [
      'gates that fail',
      async () => {
        await registers();
        await stores.versions.putEvidence(
          ref,
          { type: 'version', id: '0.2.0' },
          [unitTests('fail')],
        );
      },
      'The gates of staging do not pass for 0.2.0',
    ],
  ])('ends at %s, and gives the training back', async (_, happens, message) => {
    await reads('critical', 'critical');
    await rounds();
    await happens();
    await rounds();
    expect(await newest()).toMatchObject({
      phase: 'watching',
      message: expect.stringContaining(message),
    });
    expect(await stores.incidents.isTraining(ref)).toBe(false);
  });

  it('begins one run when it is killed after the order and before the note of it', async () => {
    await reads('critical', 'critical');
    await rounds(1);
    const move = jest
      .spyOn(stores.incidents, 'move')
      .mockRejectedValueOnce(new Error('killed'));
    await rounds(1);
    move.mockRestore();
    expect(triggered).toHaveLength(1);
    clock += 3 * MINUTE;
    feedback = start();
    await rounds();
    expect(new Set(triggered).size).toBe(1);
    expect((await newest()).runId).toBe('run-2');
  });

  it('rolls back, and closes with the version that is live then', async () => {
    await stores.versions.upsert(ref, fakeVersion(2));
    await goLive('0.2.0', 'production');
    spec.feedback = [{ ...RULE, then: 'rollback' }];
    await stores.models.upsert(spec, [], at());
    await reads('critical', 'critical');
    await rounds(1);
    await settle();
    await reads('critical');
    await rounds(1);
    expect(await newest()).toMatchObject({
      cause: 'replaced',
      message: '0.2.0 was replaced by 0.1.0 in production.',
    });
  });

  it('notifies the owner, once', async () => {
    spec.feedback = [{ ...RULE, then: 'notify' }];
    await stores.models.upsert(spec, [], at());
    await reads('critical', 'critical', 'critical');
    await rounds();
    expect(sent).toHaveBeenCalledTimes(1);
    expect(sent).toHaveBeenCalledWith(
      expect.objectContaining({
        recipients: {
          type: 'entity',
          entityRef: 'group:default/ml-platform',
        },
        payload: expect.objectContaining({
          title: 'latency-p95 of penguin-species is critical in production',
          link: expect.stringContaining('/monitoring?incident='),
        }),
      }),
    );
    expect((await newest()).message).toBe(
      'Notified group:default/ml-platform.',
    );
  });

  it('opens after a dismissal only when the monitor was healthy in between', async () => {
    await reads('critical', 'critical');
    const { id } = await newest();
    const order = { by: 'user:default/ada', reason: 'A known outage' };
    await feedback.service.dismiss(spec, id, order);
    await expect(feedback.service.dismiss(spec, id, order)).rejects.toThrow(
      /was closed at/,
    );
    await reads('critical', 'critical', 'healthy', 'critical');
    expect(await stores.incidents.openOf(ref)).toEqual([]);
    await reads('healthy', 'healthy', 'critical', 'critical');
    expect(await stores.incidents.openOf(ref)).toHaveLength(1);
  });

  it('closes where the entity no longer declares the rule', async () => {
    await reads('critical', 'critical');
    spec.feedback = [];
    await stores.models.upsert(spec, [], at());
    await feedback.consider(spec);
    expect(await newest()).toMatchObject({
      cause: 'dismissed',
      message: 'The entity no longer declares the rule.',
    });
  });
});
