import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeployProgress,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import {
  anyone,
  deliveryParts,
  newDeployment,
} from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import { until } from '../__testUtils__/until';
import type { Stores } from '../database/stores';

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
  message: 'production waits for a review by ada.',
  runId: '7',
  waitsFor: { kind: 'person', url: URL },
};

describe('DeploymentWorker', () => {
  let system: FakeSystem;
  let stores: Stores;
  let knex: Knex;
  let clock: number;
  let parts: ReturnType<typeof deliveryParts>;
  let id: string;
  const reconsidered: string[] = [];
  const now = () => new Date(clock);
  const at = () => now().toISOString();

  const started = () =>
    deliveryParts({
      stores,
      system,
      now,
      reconsider: async entityRef => {
        reconsidered.push(entityRef);
      },
    });
  const tell = (progress: DeployProgress) => system.progress.set(id, progress);
  const deployment = async () => (await stores.deployments.get(id))!;
  const state = async () => (await deployment()).state;
  const messages = async () =>
    (await stores.deployments.events(id)).map(({ message }) => message);
  const effects = () =>
    knex('deployment_effect')
      .select('effect', 'outcome')
      .where('deployment_id', id)
      .orderBy('id');
  /** Lets that much time pass, with a step every minute. */
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock += MINUTE;
      await parts.round();
    }
  };
  const request = async (
    key: string,
    overrides: Parameters<typeof newDeployment>[1] = {},
  ) => {
    const { deployment: made } = await stores.deployments.create(
      newDeployment(spec, { id: key, ...overrides }),
      at(),
    );
    return made.id;
  };

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    reconsidered.length = 0;
    system = new FakeSystem();
    system.onDeploy = () => runs;
    parts = started();
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(ref, fakeVersion(1), fakeVersion(2));
    id = await request('d-1');
    await parts.round();
  });
  afterEach(() => knex.destroy());

  it('waits for a person for as long as it takes', async () => {
    tell(waits);
    await pass(3 * 60);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'production waits for a review by ada.',
      waitsFor: { kind: 'person', url: URL },
      deployRunId: '7',
    });
    tell(runs);
    await pass(14);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'deploy.yaml is running.',
      waitsFor: null,
    });
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    expect(await state()).toBe('live');
    // Each event once, however often the provider was asked.
    expect(await messages()).toEqual([
      'Queued.',
      'Fake system accepted 0.1.0 for production.',
      'deploy.yaml is running.',
      'production waits for a review by ada.',
      'deploy.yaml is running.',
      'Answers.',
    ]);
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('keeps waiting after a restart', async () => {
    tell(waits);
    await pass(20);
    clock += 24 * 60 * MINUTE;
    parts = started();
    await pass(20);
    expect(await state()).toBe('in-progress');
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('looks at once after its provider reported a change', async () => {
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await parts.round();
    expect(await state()).toBe('in-progress');
    await stores.execution.markDue({ provider: 'fake' }, at());
    await parts.round();
    expect(await state()).toBe('live');
  });

  it('times out after 15 min without progress, and cancels at the provider', async () => {
    await pass(14);
    tell({ ...runs, phase: 'verifying' });
    await pass(15);
    expect(await state()).toBe('verifying');
    await pass(2);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      message:
        'Timed out: no progress for 15 min. Last: deploy.yaml is running.',
    });
    expect(system.cancelled).toEqual([id]);
    expect(reconsidered).toEqual([ref]);
  });

  it('does not count time in which no process watched', async () => {
    clock += 60 * MINUTE;
    parts = started();
    await pass(15);
    expect(await state()).toBe('in-progress');
    await pass(1);
    expect(await state()).toBe('failed');
  });

  it('lets a system with a longer time-out of its own end the deployment first', async () => {
    Object.assign(system, { hangsAfterMinutes: 60 });
    await pass(60);
    expect(await state()).toBe('in-progress');
    await pass(1);
    expect(await state()).toBe('failed');
  });

  it('counts an advancing download as progress', async () => {
    for (let minute = 0; minute < 40; minute += 1) {
      tell({
        phase: 'in-progress',
        message: 'Fetching the bundle',
        transfer: { doneBytes: minute * 1000, totalBytes: 90_000 },
      });
      await pass(1);
    }
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      transfer: { doneBytes: 39_000, totalBytes: 90_000 },
    });
    expect(await messages()).toHaveLength(2 + 1);
  });

  it('records a failing effect once, retries it with growing pauses, and gives up after 15 min', async () => {
    await parts.delivery.cancel(ref, id, 'user:default/ada', anyone);
    await pass(1);
    system.cancelled.length = 0;
    const deploy = jest
      .spyOn(system, 'deploy')
      .mockRejectedValue(new ProviderError('forbidden', 'It may not deploy.'));
    id = await request('d-2');
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'requested',
      problem: {
        effect: 'dispatch',
        message: 'It may not deploy.',
        attempts: 1,
        nextTryAt: new Date(clock + 1000).toISOString(),
      },
    });
    await pass(14);
    expect(await state()).toBe('requested');
    expect(deploy.mock.calls.length).toBeLessThan(15);
    expect(
      (await messages()).filter(m => m.includes('It may not deploy.')),
    ).toHaveLength(1);
    await pass(6);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      problem: null,
      message:
        'Timed out: it could not be started for 15 min. Last error: It may not deploy.',
    });
    // The provider may have begun what it did not acknowledge.
    expect(system.cancelled).toEqual([id]);
  });

  it('keeps asking about a deployment whose provider is down', async () => {
    const look = jest
      .spyOn(system, 'getProgress')
      .mockRejectedValue(new ProviderError('unavailable', 'It is down.'));
    await pass(60);
    expect(await state()).toBe('in-progress');
    look.mockRestore();
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    expect(await state()).toBe('live');
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('locks the environment until a cancellation is acknowledged', async () => {
    system.failing = new Error('connection refused');
    await parts.delivery.cancel(ref, id, 'user:default/grace', anyone);
    await pass(3);
    expect(await deployment()).toMatchObject({
      state: 'cancelling',
      problem: { effect: 'stop', message: 'connection refused' },
    });
    await expect(request('d-2')).rejects.toMatchObject({ first: { id } });
    await expect(
      parts.delivery.cancel(ref, id, 'user:default/grace', anyone),
    ).rejects.toThrow('is being cancelled');
    system.failing = undefined;
    parts = started();
    await pass(5);
    expect(await deployment()).toMatchObject({
      state: 'cancelled',
      message: 'Cancelled before it was live.',
      problem: null,
    });
    await expect(
      parts.delivery.cancel(ref, id, 'user:default/grace', anyone),
    ).rejects.toThrow('is cancelled already');
    expect(await request('d-2')).toBe('d-2');
  });

  it('waits until a cancelled deployment has ended at the provider', async () => {
    system.endsAtOnce = false;
    await parts.delivery.cancel(ref, id, 'user:default/grace', anyone);
    await pass(2);
    expect(await state()).toBe('cancelling');
    expect(system.cancelled.length).toBeGreaterThan(0);
    tell({ phase: 'failed', message: 'Cancelled.' });
    await pass(1);
    expect(await state()).toBe('cancelled');
  });

  it('goes live when the cancellation came too late', async () => {
    await parts.delivery.cancel(ref, id, 'user:default/grace', anyone);
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    expect(await state()).toBe('live');
    expect((await stores.live.current(ref)).get('production')?.digest).toBe(
      fakeVersion(1).digest,
    );
  });

  it('frees an environment by force, with the reason in its events', async () => {
    system.failing = new Error('connection refused');
    const release = () =>
      parts.delivery.forceRelease(
        ref,
        id,
        { by: 'user:default/grace', reason: 'The cluster is gone.' },
        anyone,
      );
    await expect(release()).rejects.toThrow('is not being cancelled');
    await parts.delivery.cancel(ref, id, 'user:default/grace', anyone);
    await pass(1);
    const released = await release();
    expect(released).toMatchObject({ state: 'cancelled', problem: null });
    expect(released.events.at(-1)).toMatchObject({
      by: 'user:default/grace',
      message: expect.stringContaining('The cluster is gone.'),
    });
    expect(await request('d-2')).toBe('d-2');
    expect((await effects()).at(-2)).toEqual({
      effect: 'stop',
      outcome: 'dropped',
    });
  });

  it('cancels without the provider what was never sent to it', async () => {
    await parts.delivery.cancel(ref, id, 'user:default/ada', anyone);
    await pass(1);
    system.cancelled.length = 0;
    id = await request('d-2');
    const cancelled = await parts.delivery.cancel(
      ref,
      id,
      'user:default/ada',
      anyone,
    );
    expect(cancelled.state).toBe('cancelled');
    await pass(1);
    expect(system.cancelled).toEqual([]);
    expect(system.dispatched).toEqual(['d-1']);
  });

  it('stops a deployment that was cancelled while its order was being sent', async () => {
    await parts.delivery.cancel(ref, id, 'user:default/ada', anyone);
    await pass(1);
    system.cancelled.length = 0;
    id = await request('d-2');
    let accept = () => {};
    const deploy = jest.spyOn(system, 'deploy').mockImplementation(
      () =>
        new Promise<void>(resolve => {
          accept = resolve;
        }),
    );
    const step = parts.round();
    await until(() => deploy.mock.calls.length > 0);
    await parts.delivery.cancel(ref, id, 'user:default/grace', anyone);
    expect(system.cancelled).toEqual([]);
    accept();
    await step;
    await parts.round();
    expect(system.cancelled).toEqual([id]);
    expect(await state()).toBe('cancelled');
  });

  it('fails a deployment whose provider serves another digest, naming both', async () => {
    tell({
      phase: 'live',
      message: 'Answers.',
      at: at(),
      digest: 'sha256:other',
    });
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'failed',
      message: `Fake system serves the digest sha256:other, but 0.1.0 is registered with the digest ${
        fakeVersion(1).digest
      }.`,
    });
    expect((await stores.live.current(ref)).size).toBe(0);
  });

  it('brings the live version back where a provider served another digest in its place', async () => {
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    const wrong = {
      phase: 'live' as const,
      message: 'Answers.',
      at: at(),
      digest: 'sha256:other',
    };
    system.onDeploy = () => wrong;
    const second = await request('d-2', { version: '0.2.0' });
    await parts.round();
    system.onDeploy = () => ({ phase: 'live', message: 'Again.', at: at() });
    await pass(4);
    const [back] = (
      await stores.deployments.list(ref, { action: 'rollback' }, { limit: 9 })
    ).items;
    expect(back).toMatchObject({
      action: 'rollback',
      version: '0.1.0',
      state: 'live',
      requestedBy: 'system',
    });
    expect((await stores.deployments.get(second))!.state).toBe('failed');
    expect(system.dispatched).toEqual(['d-1', 'd-2', back.id]);
    // 0.1.0 was not rolled back, so a later roll back can go to it.
    expect(await state()).toBe('superseded');
  });

  it('does not bring a version back again where that served another digest too', async () => {
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    system.onDeploy = () => ({
      phase: 'live',
      message: 'Answers.',
      at: at(),
      digest: 'sha256:other',
    });
    await request('d-2', { version: '0.2.0' });
    await pass(10);
    expect(system.dispatched).toHaveLength(3);
    expect(
      (await stores.deployments.events(system.dispatched[2])).at(-1)!.message,
    ).toBe(
      'The live version was not brought back: This was a roll back itself',
    );
  });

  it('keeps following and marking when the environment leaves the entity', async () => {
    await stores.models.upsert({ ...spec, environments: [] }, [], at());
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    expect(await state()).toBe('live');
    await stores.models.markRemoved([ref], at());
    await pass(30);
    expect(await state()).toBe('live');
    expect(system.marks).toEqual(['production=0.1.0']);
  });

  it('ends a live version of another model on the same target', async () => {
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    const other = modelSpecFromEntity(modelEntity('churn'));
    await stores.models.upsert(other, [], at());
    await stores.versions.upsert(other.entityRef, fakeVersion(1));
    system.onDeploy = () => ({ phase: 'live', message: 'Up.', at: at() });
    await stores.deployments.create(
      newDeployment(other, { targetKey: (await deployment()).targetKey }),
      at(),
    );
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'superseded',
      message: 'Replaced by 0.1.0 of mlmodel:default/churn',
    });
    expect((await stores.live.current(ref)).size).toBe(0);
    expect((await stores.live.current(other.entityRef)).size).toBe(1);
  });

  it('shows a mark that keeps failing, and settles it once the registry answers', async () => {
    const mark = jest
      .spyOn(system, 'mark')
      .mockRejectedValue(new ProviderError('unavailable', 'No registry.'));
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(10);
    expect(await deployment()).toMatchObject({
      state: 'live',
      problem: { effect: 'mark', message: 'No registry.' },
    });
    expect((await messages()).filter(m => m.includes('No registry'))).toEqual([
      'Updating the alias in the registry failed and is retried: No registry.',
    ]);
    mark.mockRestore();
    await pass(6);
    expect(system.marks).toEqual(['production=0.1.0']);
    expect((await deployment()).problem).toBeNull();
  });

  it('marks the newer version again when the mark of the older one came late', async () => {
    let answer = () => {};
    const slow = jest.spyOn(system, 'mark').mockImplementationOnce(
      () =>
        new Promise<void>(resolve => {
          answer = () => {
            system.marks.push('production=0.1.0');
            resolve();
          };
        }),
    );
    tell({ phase: 'live', message: 'Answers.', at: at() });
    clock += MINUTE;
    const step = parts.round();
    await until(() => slow.mock.calls.length > 0);
    system.onDeploy = () => ({ phase: 'live', message: 'Up.', at: at() });
    await request('d-2', { version: '0.2.0' });
    const other = started();
    await other.round();
    await other.round();
    expect(system.marks).toEqual(['production=0.2.0']);
    answer();
    await step;
    await other.round();
    expect(system.marks.at(-1)).toBe('production=0.2.0');
  });

  it('ignores an invalid progress, and asks again', async () => {
    tell({ ...runs, message: 'Half way.' });
    await pass(1);
    tell({ phase: 'live', at: 'now' } as never);
    await pass(1);
    expect(await deployment()).toMatchObject({
      state: 'in-progress',
      message: 'Half way.',
    });
    tell({ phase: 'live', message: 'Answers.', at: at() });
    await pass(1);
    expect(await state()).toBe('live');
  });

  it('sends an order again that the provider no longer knows', async () => {
    system.progress.delete(id);
    await pass(1);
    expect(system.dispatched).toEqual(['d-1', 'd-1']);
    expect(await state()).toBe('in-progress');
  });
});
