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
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(300_000);

const NAME = 'errs';
const ROWS = 40;

describe('a model whose labels say that it errs, on the real engine', () => {
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
      environments: [{ name: 'production', target: { provider: 'local' } }],
      monitors: [
        {
          name: 'accuracy',
          signal: 'quality',
          environment: 'production',
          source: { provider: 'local' },
          quality: { metric: 'accuracy', minLabels: ROWS },
          critical: { below: 0.8 },
        },
      ],
      feedback: [
        {
          when: { monitor: 'accuracy', is: 'critical', count: 1, of: 1 },
          then: 'retrain',
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
    service = await startDelivery(test, spec);
    const { stores } = service.routeDeps;
    await waitFor(
      async () => stores.versions.get(ref, '0.1.0'),
      '0.1.0 to be known',
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
    await waitFor(
      async () => (await stores.live.current(ref)).get('production'),
      '0.1.0 in production',
      60_000,
    );
    // What is trained from now on tells 0.6 from 0.7, and takes long enough to be labelled meanwhile.
    const toml = await clone.git('show', 'HEAD:model.toml');
    await clone.push({
      'behaviour.json': JSON.stringify({
        threshold: 0.65,
        train: { sleep: 2 },
      }),
      'model.toml': toml.replace(
        'locator =',
        'arriving = "data/arriving.csv"\nlocator =',
      ),
      'data/arriving.csv': 'x,side\n0.6,low\n',
    });
    await findRun(test, NAME, r => r.version === '0.2.0' && !!r.finishedAt);
  });
  afterAll(async () => {
    await service?.stop();
    await test.destroy();
  });

  const send = async (where: string, body: object) => {
    const { endpoint } = await test.engine.deployments.getState(
      environmentTarget(NAME, 'production'),
      context,
    );
    const response = await fetch(`${endpoint}${where}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return response.json();
  };
  /**
   * Has the live version predict rows that it gets wrong. The last one is in the training data of the next
   * version. @returns the ids of the answers.
   */
  const predict = async (count: number) => {
    const ids = [];
    for (let i = 0; i < count; i += 1) {
      const data = [0.6 - (count - 1 - i) / 1_000];
      const inputs = [{ name: 'x', datatype: 'FP64', shape: [1], data }];
      ids.push((await send('/v2/models/tiny/infer', { inputs })).id);
    }
    return ids;
  };
  const label = async (ids: string[]) => {
    for (const id of ids) await send('/feedback', { id, label: 'low' });
  };
  const monitor = async (state: string) => {
    const { stores } = service.routeDeps;
    return waitFor(
      async () => {
        const known = (await stores.monitors.all(ref)).get('accuracy');
        return known?.state === state && known;
      },
      `accuracy to be ${state}`,
      60_000,
    );
  };
  const incident = async (is: 'training' | 'promoting') => {
    const { stores, feedback } = service.routeDeps;
    return waitFor(
      async () => {
        const { items } = await stores.incidents.list(ref, {}, { limit: 1 });
        return (
          items[0]?.phase === is &&
          items[0].runId !== null &&
          feedback.get(spec, items[0].id)
        );
      },
      `an incident that is ${is}`,
      120_000,
    );
  };

  it('is trained again, and the candidate is compared on what was labelled since', async () => {
    const ids = await predict(2 * ROWS + 1);
    await label(ids.slice(0, ROWS - 1));
    expect((await monitor('insufficient')).reason).toBe(
      `${ROWS - 1} of ${ROWS} labels in the last 24h.`,
    );
    await label(ids.slice(ROWS - 1, ROWS));
    const { reason, reading } = await monitor('critical');
    expect(reason).toBe(
      '0 % < 80 %. 40 labels in the last 24h; 95 % interval 0 % to 8.762 %',
    );
    expect(reading).toMatchObject({ version: '0.1.0', n: ROWS });
    await incident('training');
    await label(ids.slice(ROWS));
    const { thread, candidate } = await incident('promoting');
    expect(candidate).toBe('0.3.0');
    expect(thread.find(({ type }) => type === 'comparison')!.message).toContain(
      // Not the row that it was trained on.
      `On ${ROWS} rows that were labelled since the training data was taken, 0.3.0 is right in 100 %, and 0.1.0 in 0 %: 100 points better`,
    );
  });
});
