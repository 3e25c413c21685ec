import path from 'node:path';
import {
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import {
  type DeliveryService,
  startDelivery,
} from './__testUtils__/deliveryService';
import {
  context,
  environmentTarget,
  findRun,
  modelTarget,
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(300_000);

const NAME = 'drifts';
const REVIEWER = {
  by: 'user:default/rae',
  ownership: ['user:default/rae', 'group:default/reviewers'],
  email: null,
};

describe('a model that drifts on the real engine', () => {
  let test: TestEngine;
  let service: DeliveryService;
  let clone: Clone;
  const spec: ModelSpec = modelSpecFromEntity({
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name: NAME },
    spec: {
      type: 'classification',
      lifecycle: 'experimental',
      owner: 'group:default/ml-platform',
      pipelines: [{ provider: 'local', repository: NAME }],
      versions: { provider: 'local', name: NAME },
      environments: [
        { name: 'staging', deploy: 'automatic', target: { provider: 'local' } },
        {
          name: 'production',
          after: 'staging',
          approvals: { required: 1, from: ['group:default/reviewers'] },
          target: { provider: 'local' },
        },
      ],
      monitors: [
        {
          name: 'drift',
          signal: 'drift',
          environment: 'production',
          source: { provider: 'local' },
        },
      ],
      feedback: [
        {
          when: { monitor: 'drift', is: 'warning', count: 2, of: 3 },
          then: 'retrain',
        },
      ],
    },
  });
  const ref = spec.entityRef;

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, NAME);
    clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    service = await startDelivery(test, spec);
  });
  afterAll(async () => {
    await service?.stop();
    await test.destroy();
  });

  const production = async () =>
    (await service.routeDeps.stores.live.current(ref)).get('production')
      ?.version;
  /** The deployment of a version that waits in production, once there is one. */
  const waiting = (version: string) =>
    waitFor(
      async () =>
        (
          await service.routeDeps.stores.deployments.ofVersion(
            ref,
            'production',
            version,
          )
        ).find(d => d.state === 'waiting'),
      `${version} to wait in production`,
      120_000,
    );
  const approve = async (version: string) => {
    const { id } = await waiting(version);
    await service.routeDeps.approvals.approve(spec, {
      deploymentId: id,
      person: REVIEWER,
      reason: null,
      gateHash: undefined,
    });
    service.routeDeps.wakeDelivery();
    await waitFor(
      async () => (await production()) === version,
      `${version} in production`,
      60_000,
    );
  };
  const newest = async () => {
    const { stores, feedback } = service.routeDeps;
    const { items } = await stores.incidents.list(ref, {}, { limit: 5 });
    return items[0] && feedback.get(spec, items[0].id);
  };

  it('is trained on the data that arrived, approved, and its thread closes', async () => {
    await findRun(test, NAME, r => r.version === '0.1.0' && !!r.finishedAt);
    await waitFor(
      async () =>
        (await service.routeDeps.stores.live.current(ref)).get('staging')
          ?.version === '0.1.0',
      '0.1.0 in staging',
      60_000,
    );
    await service.routeDeps.delivery.deploy(spec, {
      environment: 'production',
      version: '0.1.0',
      reason: 'The first one',
      by: 'user:default/ada',
      automatic: false,
      override: false,
      requestKey: 'first',
    });
    await approve('0.1.0');

    const toml = await clone.git('show', 'HEAD:model.toml');
    await clone.push({
      'model.toml': toml.replace(
        'locator =',
        'arriving = "data/arriving.csv"\nlocator =',
      ),
      'data/arriving.csv': 'x,side\n0.99,high\n0.98,high\n',
    });
    await findRun(test, NAME, r => r.version === '0.2.0' && !!r.finishedAt);

    const replay = () =>
      test.engine.deployments.replayShifted(
        environmentTarget(NAME, 'production'),
        context,
      );
    expect(await replay()).toEqual({ rows: 2, requests: 60, seconds: 60 });
    await expect(replay()).rejects.toThrow(
      'A replay runs in default/drifts/production already; it takes 60 s.',
    );
    const candidate = await waitFor(
      async () => {
        const incident = await newest();
        return incident?.deploymentId && incident.candidate;
      },
      'a candidate that was requested',
      180_000,
    );
    await approve(candidate);
    const closed = await waitFor(
      async () => {
        const incident = await newest();
        return incident?.closedAt ? incident : undefined;
      },
      'the thread to close',
      60_000,
    );
    expect(closed).toMatchObject({
      cause: 'replaced',
      version: '0.1.0',
      candidate: '0.3.0',
      message: '0.1.0 was replaced by 0.3.0 in production.',
    });
    expect(closed.thread.map(e => e.type)).toEqual(
      expect.arrayContaining([
        'opened',
        'action',
        'run',
        'candidate',
        'comparison',
        'promotion',
        'closed',
      ]),
    );
    expect(closed.thread.find(e => e.type === 'run')!.message).toBe(
      'Training began. 2 rows arrived in data/arriving.csv.',
    );
    const { items } = await test.engine.versions.listVersions(
      modelTarget(NAME),
      { limit: 10 },
      context,
    );
    expect(items).toHaveLength(3);
    await clone.git('fetch', '--quiet', 'origin', 'main');
    expect(await clone.git('show', 'FETCH_HEAD:data/train.csv')).toContain(
      '0.98,high',
    );
    expect(await clone.git('show', 'FETCH_HEAD:data/arriving.csv')).toBe(
      'x,side',
    );
    // The replay sends the labels of its rows, too.
    const labels = await test.engine.monitors.getLabelled(
      environmentTarget(NAME, 'production'),
      { since: '2020-01-01T00:00:00.000Z', limit: 100 },
      context,
    );
    expect(labels.length).toBeGreaterThan(10);
    expect(labels.every(({ label }) => label === 'high')).toBe(true);
  });

  it('offers no new data afterwards, and tells the digest of what it was trained on', async () => {
    const again = await test.engine.pipelines.snapshotData(
      modelTarget(NAME),
      { ref: 'main' },
      context,
    );
    const version = await test.engine.versions.getVersion(
      modelTarget(NAME),
      '0.3.0',
      context,
    );
    expect(again).toEqual({
      commit: version.commit,
      datasetDigest: version.datasetDigest,
      arrived: null,
    });
  });
});
