import { mockServices } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { deliveryParts, newDeployment } from '../__testUtils__/deliveryParts';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { AutomaticDelivery } from './AutomaticDelivery';

const spec = modelSpecFromEntity(modelEntity());
const ref = spec.entityRef;
const version = { type: 'version', id: '0.1.0' } as const;

describe('automatic delivery', () => {
  let knex: Knex;
  let stores: Stores;
  let automatic: AutomaticDelivery;
  let parts: ReturnType<typeof deliveryParts>;
  let second = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, (second += 1)));
  const requested = async () =>
    (await stores.deployments.list(ref, {}, { limit: 50 })).items.map(
      d => `${d.version} ${d.state}`,
    );

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    parts = deliveryParts({ stores, system: new FakeSystem(), now });
    automatic = new AutomaticDelivery({
      stores,
      targets: parts.targets,
      delivery: parts.delivery,
      logger: mockServices.logger.mock(),
      now,
    });
    await stores.models.upsert(spec, [], now().toISOString());
    await stores.versions.upsert(ref, fakeVersion(1));
  });
  afterEach(() => knex.destroy());

  const prove = (status: 'pass' | 'fail') =>
    stores.versions.putEvidence(ref, version, [unitTests(status)]);

  it('waits while a gate is unknown, and deploys once its evidence is there', async () => {
    await automatic.consider(spec);
    expect(await requested()).toEqual([]);
    await prove('pass');
    await automatic.consider(spec);
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.1.0 requested']);
  });

  it('records a version as blocked once, and deploys it after new evidence', async () => {
    await prove('fail');
    await automatic.consider(spec);
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.1.0 blocked']);
    await prove('pass');
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.1.0 requested', '0.1.0 blocked']);
  });

  it('evaluates a blocked version again when the policy changes', async () => {
    await prove('fail');
    await automatic.consider(spec);
    const [staging, ...rest] = spec.environments;
    await automatic.consider({
      ...spec,
      environments: [{ ...staging, gates: [] }, ...rest],
    });
    expect(await requested()).toEqual(['0.1.0 requested', '0.1.0 blocked']);
  });

  it('does not repeat a deployment that failed, whatever changes', async () => {
    await prove('pass');
    await automatic.consider(spec);
    const [open] = await stores.deployments.openOf(ref);
    await stores.execution.transition(
      open,
      { trigger: 'fail', message: 'No.', by: 'system' },
      now().toISOString(),
    );
    await prove('fail');
    await prove('pass');
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.1.0 failed']);
  });

  it('waits while the environment is on hold after a roll back', async () => {
    await prove('pass');
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, {
        environment: 'staging',
        version: '0.0.9',
        action: 'rollback',
        reason: 'Wrong labels',
        holds: true,
      }),
      now().toISOString(),
    );
    await stores.execution.transition(
      deployment,
      { trigger: 'cancel', message: 'Cancelled.', by: 'system' },
      now().toISOString(),
    );
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.0.9 cancelled']);
    const place = { entityRef: ref, environment: 'staging' };
    const order = { by: 'user:default/ada', reason: 'Fixed' };
    expect(await stores.holds.lift(place, order, now().toISOString())).toBe(
      true,
    );
    await automatic.consider(spec);
    expect(await requested()).toEqual(['0.1.0 requested', '0.0.9 cancelled']);
  });

  it('requests one deployment when two processes consider a version at once', async () => {
    await prove('pass');
    await Promise.all([automatic.consider(spec), automatic.consider(spec)]);
    expect(await requested()).toEqual(['0.1.0 requested']);
  });
});
