/* eslint-disable @backstage/no-relative-monorepo-imports --
   The test runs the parts of the backend that deliver, which its package does not export. */
import path from 'node:path';
import {
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { fakeVersion } from '../../model-delivery-backend/src/__testUtils__/fakes';
import {
  type DeliveryService,
  deliveryService,
} from './__testUtils__/deliveryService';
import { SteadyTraffic } from './__testUtils__/steadyTraffic';
import {
  context,
  environmentTarget,
  findRun,
  modelTarget,
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';
import { ProcessRecords } from './processes/ProcessRecords';

jest.setTimeout(180_000);

const NAME = 'rolled-out';
const LIVE = '0.1.0';
const GOOD = '0.2.0';
const SLOW = '0.3.0';
const FAILING = '0.4.0';
const ENDED = ['live', 'failed', 'cancelled'];

/** Latencies are judged only where a test is about them: two servers share a busy machine. */
const environment = (name: string, strategy: object) => ({
  name,
  target: { provider: 'local' },
  strategy: {
    canary: [10, 50],
    interval: '5s',
    minRequests: 20,
    maxP95Ratio: 1_000,
    ...strategy,
  },
});

describe('a version that rolls out on real servers', () => {
  let test: TestEngine;
  let service: DeliveryService;
  let traffic: SteadyTraffic | undefined;
  let requests = 0;
  const spec: ModelSpec = modelSpecFromEntity({
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name: NAME },
    spec: {
      type: 'classification',
      lifecycle: 'experimental',
      owner: 'group:default/ml-platform',
      versions: { provider: 'local', name: NAME },
      environments: [
        environment('good', {}),
        // Ended by its figures, long before its interval is over.
        environment('slow', { interval: '30s', maxP95Ratio: 3 }),
        environment('failing', { interval: '30s' }),
        environment('shadowed', {
          canary: [],
          shadow: { duration: '30s', minRequests: 100, minAgreement: 0.99 },
        }),
        environment('restarted', { interval: '10m' }),
        environment('candidate-killed', { interval: '10m' }),
        environment('live-killed', { interval: '10m' }),
        environment('sticky', {
          interval: '10m',
          sticky: { header: 'X-Customer' },
        }),
      ],
    },
  });

  const startService = async () => {
    ({ service } = await deliveryService(test.knex, test.engine));
    await service.start();
  };

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, NAME);
    const clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    for (const behaviour of [
      { threshold: 0.52 },
      { serve: { delay: 0.4 } },
      { serve: { failEvery: 20 } },
    ]) {
      await clone.push({ 'behaviour.json': JSON.stringify(behaviour) });
    }
    await findRun(test, NAME, r => r.version === FAILING && !!r.finishedAt);
    await startService();
    const { stores } = service.routeDeps;
    await stores.models.upsert(spec, [], new Date().toISOString());
    for (const [index, version] of [LIVE, GOOD, SLOW, FAILING].entries()) {
      const { digest } = await test.engine.versions.getVersion(
        modelTarget(NAME),
        version,
        context,
      );
      await stores.versions.upsert(
        spec.entityRef,
        fakeVersion(index + 1, { version, digest }),
      );
    }
  });
  afterAll(async () => {
    await service?.stop();
    await test.destroy();
  });
  afterEach(() => traffic?.stop());

  const get = (id: string) =>
    service.routeDeps.delivery.get(spec.entityRef, id);
  const request = async (name: string, version: string) => {
    requests += 1;
    const { id } = await service.routeDeps.delivery.deploy(spec, {
      environment: name,
      version,
      reason: 'Test',
      by: 'user:default/ada',
      automatic: false,
      override: false,
      requestKey: `request ${requests}`,
    });
    service.routeDeps.wakeDelivery();
    return id;
  };
  const until = async (id: string, states: string[]) => {
    await waitFor(
      async () => states.includes((await get(id)).state),
      `${id} to be ${states}`,
      60_000,
    );
    return get(id);
  };
  const urlOf = async (name: string) =>
    (
      await test.engine.deployments.getState(
        environmentTarget(NAME, name),
        context,
      )
    ).endpoint!;
  const liveVersion = async (name: string) =>
    (
      await test.engine.deployments.getState(
        environmentTarget(NAME, name),
        context,
      )
    ).live!.version;
  /** Makes the first version live and sends it requests. */
  const prepare = async (name: string) => {
    const first = await request(name, LIVE);
    expect((await until(first, ENDED)).state).toBe('live');
    traffic = new SteadyTraffic(await urlOf(name));
    return traffic;
  };
  /** The step with this weight runs, at the provider too. */
  const untilWeight = (id: string, weight: number) =>
    waitFor(async () => {
      const { rollout, state } = await get(id);
      const step = rollout!.steps[rollout!.current];
      return (
        state === 'rolling-out' &&
        step.weight === weight &&
        step.startedAt !== null
      );
    }, `the step at ${weight} %`);

  const moreThan = (sent: SteadyTraffic, version: string, count: number) => {
    const before = sent.answered.get(version) ?? 0;
    return waitFor(
      async () => (sent.answered.get(version) ?? 0) > before + count,
      `requests to ${version}`,
    );
  };
  /** Ends the server of a deployment as a lack of memory would. */
  const kill = (deploymentId: string) => {
    const { pid } = new ProcessRecords(path.join(test.state, 'processes'))
      .list()
      .find(({ owner, alive }) => owner === deploymentId && alive)!;
    process.kill(pid, 'SIGKILL');
  };

  it('brings a good version to live through each step, and fails no request', async () => {
    const sent = await prepare('good');
    const id = await request('good', GOOD);
    const { state, rollout, message } = await until(id, ENDED);
    expect([state, message]).toEqual([
      'live',
      expect.stringContaining(`${GOOD} is live`),
    ]);
    expect(
      rollout!.steps.map(s => [s.weight, s.analysis?.outcome ?? null]),
    ).toEqual([
      [10, 'pass'],
      [50, 'pass'],
      [100, null],
    ]);
    const [tenth, half] = rollout!.steps.map(s => s.analysis?.traffic);
    const share = (of: typeof tenth) =>
      of!.candidate.requests / (of!.candidate.requests + of!.live.requests);
    expect(share(tenth)).toBeCloseTo(0.1, 1);
    expect(share(half)).toBeCloseTo(0.5, 1);
    expect(Object.keys(half!.candidate.predictions).sort()).toEqual([
      'high',
      'low',
    ]);
    await moreThan(sent, GOOD, 100);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    expect(sent.total).toBeGreaterThan(300);
    expect(await liveVersion('good')).toBe(GOOD);
  });

  it('goes back by itself from a version that is slower', async () => {
    const sent = await prepare('slow');
    const ended = await until(await request('slow', SLOW), ENDED);
    expect(ended.state).toBe('failed');
    expect(ended.message).toMatch(
      /^0\.3\.0 failed the step at 10 %: p95 [\d.]+ m?s, live .* limit 3 times live\. The live version keeps serving\.$/,
    );
    await moreThan(sent, LIVE, 50);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    expect(await liveVersion('slow')).toBe(LIVE);
  });

  it('goes back by itself from a version that fails 5 % of its requests', async () => {
    const sent = await prepare('failing');
    const ended = await until(await request('failing', FAILING), ENDED);
    expect(ended.state).toBe('failed');
    expect(ended.message).toMatch(
      /failed the step at \d+ %: .* requests failed/,
    );
    await sent.stop();
    // Nobody but the candidate failed.
    expect(new Set(sent.failed.map(text => text.slice(0, 3)))).toEqual(
      new Set(['500']),
    );
    expect(await liveVersion('failing')).toBe(LIVE);
  });

  it('compares a shadow before any user sees it', async () => {
    const sent = await prepare('shadowed');
    const id = await request('shadowed', GOOD);
    const ended = await until(id, ENDED);
    // A threshold of 0.52 instead of 0.5 decides 2 of 100 rows otherwise.
    expect(ended.state).toBe('failed');
    expect(ended.message).toMatch(
      /^0\.2\.0 failed the shadow step: 9\d(\.\d)? % of \d+ copies were predicted alike, limit 99 %/,
    );
    const { traffic: compared } = ended.rollout!.steps[0].analysis!;
    expect(compared!.agreement!.compared).toBeGreaterThanOrEqual(90);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    expect([...sent.answered.keys()]).toEqual([LIVE]);
  });

  it('keeps a client on its version', async () => {
    await prepare('sticky');
    const id = await request('sticky', GOOD);
    await untilWeight(id, 10);
    const url = await urlOf('sticky');
    const ask = async (customer: number) => {
      const response = await fetch(`${url}/v2/models/tiny/infer`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Customer': String(customer),
        },
        body: '{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[0.5]}]}',
      });
      return (await response.json()).model_version;
    };
    const seen = new Set<string>();
    for (let customer = 0; customer < 60; customer += 1) {
      const first = await ask(customer);
      expect(await ask(customer)).toBe(first);
      seen.add(first);
    }
    expect([...seen].sort()).toEqual([LIVE, GOOD]);
    await service.routeDeps.delivery.cancel(
      spec.entityRef,
      id,
      'user:default/ada',
      async () => undefined,
    );
    service.routeDeps.wakeDelivery();
    expect((await until(id, ENDED)).state).toBe('cancelled');
  });

  it('keeps the split over a restart, and goes on', async () => {
    const sent = await prepare('restarted');
    const id = await request('restarted', GOOD);
    await untilWeight(id, 10);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    await service.stop();
    await test.engine.stop();
    await test.start();
    await startService();
    await waitFor(async () => {
      const progress = await test.engine.deployments.getProgress(
        environmentTarget(NAME, 'restarted'),
        id,
        context,
      );
      return progress.phase === 'rolling-out' && progress.weight === 10;
    }, 'the candidate with its share');
    expect(await get(id)).toMatchObject({
      state: 'rolling-out',
      rollout: { current: 0 },
    });
    traffic = new SteadyTraffic(await urlOf('restarted'));
    await waitFor(
      async () => (traffic!.answered.get(GOOD) ?? 0) > 10,
      'requests to the candidate',
    );
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    expect(traffic.answered.get(GOOD)! / traffic.total).toBeCloseTo(0.1, 1);
  });

  it('fails no request when the process of the candidate is killed, and goes back by itself', async () => {
    const sent = await prepare('candidate-killed');
    const id = await request('candidate-killed', SLOW);
    await untilWeight(id, 10);
    // Each takes 0.4 s, so some are under way.
    await moreThan(sent, SLOW, 5);
    kill(id);
    const ended = await until(id, ENDED);
    expect([ended.state, ended.message]).toEqual([
      'failed',
      expect.stringContaining('ended while it answered 10 % of the requests'),
    ]);
    await moreThan(sent, LIVE, 50);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    expect(await liveVersion('candidate-killed')).toBe(LIVE);
  });

  it('fails no request when the live process is killed during a roll-out', async () => {
    const sent = await prepare('live-killed');
    const id = await request('live-killed', GOOD);
    await untilWeight(id, 10);
    await moreThan(sent, GOOD, 5);
    const target = environmentTarget(NAME, 'live-killed');
    const { live } = await test.engine.deployments.getState(target, context);
    kill(live!.deploymentId!);
    await moreThan(sent, GOOD, 50);
    await waitFor(async () => {
      const { status } = await test.engine.deployments.getState(
        target,
        context,
      );
      return status === 'ready';
    }, 'the live server to be started again');
    await moreThan(sent, LIVE, 50);
    await sent.stop();
    expect(sent.failed).toEqual([]);
    expect((await get(id)).state).toBe('rolling-out');
    expect(await liveVersion('live-killed')).toBe(LIVE);
  });
});
