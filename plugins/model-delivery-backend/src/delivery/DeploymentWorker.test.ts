import { mockServices } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeployProgress,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import { until } from '../__testUtils__/until';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { DeliveryService } from './DeliveryService';
import { DeploymentSteps } from './DeploymentSteps';
import { DeploymentWorker } from './DeploymentWorker';

const spec = modelSpecFromEntity(modelEntity());
const ref = spec.entityRef;
const MINUTE = 60_000;
const URL = 'https://ci.example/runs/7';
const runs: DeployProgress = {
  phase: 'in-progress',
  message: 'deploy.yaml is running.',
  runId: '7',
};
const waits: DeployProgress = {
  phase: 'in-progress',
  message: 'production wants a review by ada.',
  runId: '7',
  waitsFor: { kind: 'person', url: URL },
};

describe('DeploymentWorker', () => {
  let system: FakeSystem;
  let stores: Stores;
  let knex: Knex;
  let clock: number;
  let worker: DeploymentWorker;
  let delivery: DeliveryService;
  let id: string;
  const ended: string[] = [];
  const now = () => new Date(clock);

  /** As a process that has just started has it. */
  const startedNow = () => {
    const registry = new ProviderRegistry();
    registry.add('versions', system);
    registry.add('deployments', system);
    const steps = new DeploymentSteps({
      stores,
      registry,
      onMoved: async () => undefined,
      onEnded: async ({ entityRef }) => {
        ended.push(entityRef);
      },
      now,
    });
    const logger = mockServices.logger.mock();
    return new DeploymentWorker({ stores, steps, logger, now });
  };
  const tell = (progress: DeployProgress) => system.progress.set(id, progress);
  const deployment = async () => (await stores.deployments.get(id))!;
  const state = async () => (await deployment()).state;
  /** Lets that much time pass, with a look at it every minute. */
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock += MINUTE;
      await worker.round();
    }
  };

  const ask = async (key: string) => {
    const at = now().toISOString();
    const { deployment: made } = await stores.deployments.create(
      {
        id: key,
        entityRef: ref,
        environment: 'production',
        version: '0.1.0',
        fromVersion: null,
        action: 'deploy',
        automatic: false,
        state: 'requested',
        message: 'Waits for its turn.',
        reason: null,
        requestedBy: 'user:default/ada',
        requestedAt: at,
        liveAt: null,
        finishedAt: null,
        runId: null,
        gates: [],
      },
      key,
      at,
    );
    return made.id;
  };

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    ended.length = 0;
    system = new FakeSystem();
    system.onDeploy = () => runs;
    worker = startedNow();
    delivery = new DeliveryService({
      stores,
      onChanged: async () => undefined,
      now,
    });
    await stores.models.upsert(spec, [], now().toISOString());
    await stores.versions.upsert(ref, fakeVersion(1));
    id = await ask('d-1');
    await worker.round();
    await worker.round();
  });
  afterEach(() => knex.destroy());

  it('waits for a person as long as they take, and goes on', async () => {
    tell(waits);
    await pass(3 * 60);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'production wants a review by ada.',
      waitsFor: { kind: 'person', url: URL },
      runId: '7',
    });
    tell(runs);
    await pass(14);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'deploy.yaml is running.',
      waitsFor: null,
    });
    tell({ phase: 'live', message: 'Answers.', at: now().toISOString() });
    await pass(1);
    expect(await state()).toBe('live');
    const events = await stores.deployments.events(id);
    // Each once, however often it was looked at.
    expect(events.map(({ message }) => message)).toEqual([
      'Waits for its turn.',
      'Brings 0.1.0 up in production.',
      'deploy.yaml is running.',
      'production wants a review by ada.',
      'deploy.yaml is running.',
      'Answers.',
    ]);
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('goes on waiting after a restart', async () => {
    tell(waits);
    await pass(20);
    clock += 24 * 60 * MINUTE;
    worker = startedNow();
    await pass(20);
    expect(await state()).toBe('in-progress');
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('gives up what stands still for 15 min, counted from its last move', async () => {
    await pass(14);
    tell({ ...runs, phase: 'verifying' });
    await pass(15);
    expect(await state()).toBe('verifying');
    await pass(2);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      message: 'Nothing moved for 15 min: deploy.yaml is running.',
    });
    expect(ended).toEqual([ref]);
  });

  it('does not count the time in which nobody looked', async () => {
    clock += 60 * MINUTE;
    worker = startedNow();
    await pass(15);
    expect(await state()).toBe('in-progress');
    await pass(1);
    expect(await state()).toBe('failed');
  });

  it('is as patient as a system asks for that ends what hangs itself', async () => {
    Object.assign(system, { hangsAfterMinutes: 60 });
    await pass(60);
    expect(await state()).toBe('in-progress');
    await pass(1);
    expect(await state()).toBe('failed');
  });

  it('gives up what could not be begun for 15 min, and says why', async () => {
    await delivery.cancel(ref, id, 'user:default/ada');
    await pass(1);
    system.cancelled.length = 0;
    jest
      .spyOn(system, 'deploy')
      .mockRejectedValue(new ProviderError('forbidden', 'It may not deploy.'));
    id = await ask('d-2');
    await pass(15);
    expect(await state()).toBe('requested');
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      message: 'It could not be begun for 15 min: It may not deploy.',
    });
    expect(ended).toEqual([ref]);
    await pass(1);
    expect(system.cancelled).toEqual([id]);
    expect((await deployment()).message).toBe(
      'It could not be begun for 15 min: It may not deploy.',
    );
  });

  it('asks for what was begun as long as it cannot be told how that is', async () => {
    const look = jest
      .spyOn(system, 'getProgress')
      .mockRejectedValue(new ProviderError('unavailable', 'It is down.'));
    await pass(60);
    expect(await state()).toBe('in-progress');
    look.mockRestore();
    tell({ phase: 'live', message: 'Answers.', at: now().toISOString() });
    await pass(1);
    expect(await state()).toBe('live');
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('tells the outside system of a cancel while it waits for a person there', async () => {
    tell(waits);
    await pass(1);
    await delivery.cancel(ref, id, 'user:default/grace');
    expect(await deployment()).toMatchObject({
      state: 'cancelled',
      waitsFor: null,
    });
    await pass(2);
    expect(system.cancelled).toEqual([id]);
    // Approving it afterwards has no effect here.
    tell({ phase: 'live', message: 'Answers.', at: now().toISOString() });
    await pass(1);
    expect(await state()).toBe('cancelled');
  });

  it('tells of a cancel until it is heard, and that it was not', async () => {
    await delivery.cancel(ref, id, 'user:default/grace');
    const { finishedAt } = await deployment();
    system.failing = new Error('connection refused');
    await pass(3);
    expect((await deployment()).message).toBe(
      'Cancelled before it was live. Fake system could not be told to stop; it is told again, and may go on until then.',
    );
    system.failing = undefined;
    worker = startedNow();
    await pass(2);
    expect(system.cancelled).toEqual([id]);
    expect(await deployment()).toMatchObject({
      state: 'cancelled',
      message: 'Cancelled before it was live.',
      finishedAt,
    });
  });

  it('stops what was being begun when it was cancelled', async () => {
    let begin = () => {};
    const begun = new Promise<void>(resolve => {
      begin = resolve;
    });
    system.progress.delete(id);
    const deploy = jest.spyOn(system, 'deploy').mockImplementation(() => begun);
    const looking = worker.round();
    await until(() => deploy.mock.calls.length > 0);
    await delivery.cancel(ref, id, 'user:default/grace');
    expect(system.cancelled).toEqual([]);
    begin();
    await looking;
    await worker.round();
    expect(system.cancelled).toEqual([id]);
  });

  it('records nothing of a progress that does not hold, and asks again', async () => {
    await pass(1);
    tell({ ...runs, message: 'Half way.' });
    await pass(1);
    tell({ phase: 'live', at: 'now' } as never);
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'Half way.',
    });
    tell({ phase: 'live', message: 'Answers.', at: now().toISOString() });
    await pass(1);
    expect(await state()).toBe('live');
  });
});
