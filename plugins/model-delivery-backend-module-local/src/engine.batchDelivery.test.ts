import fs from 'node:fs/promises';
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
import { findRun, TestEngine } from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(300_000);

const NAME = 'forecasts';
const DAY_MS = 86_400_000;
const BY = 'user:default/ada';
const local = { provider: 'local' };

describe('a batch job through the backend', () => {
  let test: TestEngine;
  let service: DeliveryService;
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
        { name: 'staging', target: local },
        {
          name: 'production',
          after: 'staging',
          target: {
            ...local,
            batch: { schedule: '0 6 * * *', input: 'rows.csv' },
          },
        },
      ],
      monitors: [
        {
          name: 'failures',
          signal: 'errors',
          environment: 'production',
          source: local,
          critical: { above: 0 },
        },
        {
          name: 'predicted',
          signal: 'rows-out',
          environment: 'production',
          source: local,
          critical: { below: 0.95 },
        },
      ],
      feedback: [
        {
          when: { monitor: 'failures', is: 'critical', count: 1, of: 1 },
          then: 'notify',
        },
      ],
    },
  });
  const ref = spec.entityRef;

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, NAME);
    await findRun(test, NAME, r => r.version === '0.1.0' && !!r.finishedAt);
    const clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    await clone.push({ 'behaviour.json': JSON.stringify({ threshold: 0.2 }) });
    await findRun(test, NAME, r => r.version === '0.2.0' && !!r.finishedAt);
    service = await startDelivery(test, spec);
  });
  afterAll(async () => {
    await service?.stop();
    await test.destroy();
  });

  const order = (environment: string, requestKey: string) => ({
    environment,
    reason: 'Test',
    by: BY,
    automatic: false,
    requestKey,
  });
  const live = async (environment: string, version: string) => {
    service.routeDeps.wakeDelivery();
    await waitFor(
      async () =>
        (await service.routeDeps.stores.live.current(ref)).get(environment)
          ?.version === version,
      `${version} in ${environment}`,
      60_000,
    );
  };
  const deploy = async (
    environment: string,
    version: string,
    key = `${environment} ${version}`,
  ) => {
    await waitFor(
      () => service.routeDeps.stores.versions.get(ref, version),
      `${version} in the backend`,
      60_000,
    );
    const made = await service.routeDeps.delivery.deploy(spec, {
      ...order(environment, key),
      version,
      override: false,
    });
    if (made.state !== 'blocked') await live(environment, version);
    return made;
  };
  const put = async (text: string) => {
    const folder = path.join(
      test.state,
      'batch/default',
      NAME,
      'production/input',
    );
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, 'rows.csv'), text);
  };
  /** The newest run as the backend knows it, once it has ended. */
  const nextRun = async (count: number) => {
    test.advance(DAY_MS);
    return await waitFor(
      async () => {
        const states = await service.routeDeps.stores.live.states(ref);
        const runs = states.get('production')?.batch?.runs ?? [];
        return runs.length === count && runs[0].finishedAt
          ? runs[0]
          : undefined;
      },
      `run ${count} in the backend`,
      60_000,
    );
  };
  const monitorIs = (name: string, state: string) =>
    waitFor(
      async () => {
        const monitors = await service.routeDeps.stores.monitors.all(ref);
        const found = monitors.get(name);
        return found?.state === state && found;
      },
      `${name} to be ${state}`,
      60_000,
    );

  it('is blocked by its gates as a server is', async () => {
    const blocked = await deploy('production', '0.1.0');
    expect(blocked).toMatchObject({ state: 'blocked' });
    expect(blocked.gates.find(({ outcome }) => outcome !== 'pass')).toEqual(
      expect.objectContaining({ id: 'order' }),
    );
  });

  it('is promoted, runs when it is due, and its monitors are healthy', async () => {
    await put('x\n0.3\n0.9\n');
    await deploy('staging', '0.1.0');
    await deploy('production', '0.1.0', 'promote 0.1.0');
    expect(await nextRun(1)).toMatchObject({
      version: '0.1.0',
      status: 'passed',
      rowsOut: 2,
    });
    expect(await monitorIs('failures', 'healthy')).toMatchObject({
      reason: '0 % ≤ 0 %',
    });
    await monitorIs('predicted', 'healthy');
  });

  it('opens an incident when its input cannot be predicted', async () => {
    await put('y\n1\n');
    expect(await nextRun(2)).toMatchObject({ status: 'failed' });
    expect(await monitorIs('failures', 'critical')).toMatchObject({
      reason: expect.stringContaining('rows.csv lacks the columns x'),
    });
    const incident = await waitFor(async () => {
      const { items } = await service.routeDeps.stores.incidents.list(
        ref,
        {},
        { limit: 5 },
      );
      return items[0];
    }, 'the incident');
    expect(incident).toMatchObject({ monitor: 'failures' });
  });

  it('goes back to the version before, which the next run uses', async () => {
    await put('x\n0.3\n');
    await deploy('staging', '0.2.0');
    await deploy('production', '0.2.0');
    expect(await nextRun(3)).toMatchObject({ version: '0.2.0' });
    await service.routeDeps.rollbacks.rollback(
      spec,
      order('production', 'back'),
    );
    await live('production', '0.1.0');
    expect(await nextRun(4)).toMatchObject({
      version: '0.1.0',
      status: 'passed',
    });
    const { items } = await service.routeDeps.stores.live.history(
      ref,
      'production',
      {},
      { limit: 10 },
    );
    expect(items.map(({ version, endedBy }) => [version, endedBy])).toEqual([
      ['0.1.0', null],
      ['0.2.0', 'rolled-back'],
      ['0.1.0', 'superseded'],
    ]);
  });
});
