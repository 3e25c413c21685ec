import type { ProviderRun } from '@slipway/plugin-model-delivery-node';
import { FakeSystem, modelEntity } from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const fakeRun = (id: string, status: ProviderRun['status']): ProviderRun => ({
  id,
  number: Number(id),
  attempt: 1,
  kind: 'ci',
  status,
  reason: null,
  branch: 'main',
  commit: null,
  commitMessage: null,
  author: null,
  trigger: 'push',
  createdAt: `2026-01-01T12:00:0${id}.000Z`,
  startedAt: null,
  finishedAt: null,
  jobsDone: 0,
  jobsTotal: 0,
  version: null,
  url: null,
});

describe('cancelling a run', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const cancelled: string[] = [];

  beforeAll(async () => {
    const system = new FakeSystem();
    system.cancel = async (_, id) => {
      cancelled.push(id);
    };
    system.runs = [
      fakeRun('3', 'running'),
      fakeRun('2', 'passed'),
      fakeRun('1', 'cancelled'),
    ];
    backend = await startBackend({ system, entities: [modelEntity()] });
    await until(
      async () =>
        (await backend.api.get(`${MODEL}/runs`)).body.items?.length === 3,
    );
  });
  afterAll(() => backend.stop());

  it.each([
    ['1', 'Run 1 was cancelled already'],
    ['2', 'Run 2 has ended (passed); there is nothing to cancel'],
  ])('answers 409 for run %s, which has ended', async (id, message) => {
    const { status, body } = await backend.api.post(
      `${MODEL}/runs/${id}/cancel`,
    );
    expect(`${status} ${body.error?.message}`).toBe(`409 ${message}`);
    expect(cancelled).not.toContain(id);
  });

  it('reaches the provider for a run under way', async () => {
    await backend.api.post(`${MODEL}/runs/3/cancel`).expect(200);
    expect(cancelled).toEqual(['3']);
  });
});
