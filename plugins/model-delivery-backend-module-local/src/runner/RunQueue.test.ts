import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { openTestDatabase } from '../__testUtils__/testDatabase';
import { type RunRow, RunStore } from '../database/RunStore';
import type { Repositories } from '../git/Repositories';
import type { RunExecutor } from './RunExecutor';
import { RunQueue } from './RunQueue';
import { Slots } from './Slots';

const CHECK = { plan: 'check', ref: 'refs/heads/topic' } as const;

describe('RunQueue', () => {
  let folder: string;
  let knex: Knex;
  let runs: RunStore;
  let queue: RunQueue;
  let slots: Slots;
  const begun = new Map<string, () => void>();
  const changed: string[] = [];

  beforeEach(async () => {
    begun.clear();
    changed.length = 0;
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'run-queue-'));
    knex = await openTestDatabase(path.join(folder, 'database.sqlite'));
    runs = new RunStore(knex);
    slots = new Slots(2);
    queue = new RunQueue({
      runs,
      slots,
      repositories: {
        commit: async (_, commit) => ({
          commit,
          message: 'Change',
          author: 'Ada',
          time: 1_767_268_800,
        }),
        resolve: async () => 'c'.repeat(40),
      } as Partial<Repositories> as Repositories,
      executor: {
        execute: async (run: RunRow) => {
          await new Promise<void>(resolve => begun.set(run.id, resolve));
          await runs.end(run.id, {
            status: 'passed',
            reason: null,
            at: new Date().toISOString(),
          });
        },
      } as Partial<RunExecutor> as RunExecutor,
      logger: mockServices.logger.mock(),
      onChange: repository => changed.push(repository),
    });
    await queue.start();
  });
  afterEach(async () => {
    const draining = queue.stop();
    for (const end of begun.values()) end();
    await draining;
    await knex.destroy();
    await fs.rm(folder, { recursive: true });
  });

  const ask = (repository: string) =>
    queue.train(repository, CHECK.ref, { key: repository, trigger: 'manual' });

  it('begins one run a slot, and tells the others their place', async () => {
    const [first, second, third, fourth] = [
      await ask('a'),
      await ask('b'),
      await ask('c'),
      await ask('d'),
    ];
    await waitFor(() => begun.size === 2, 'two runs');
    expect([...begun.keys()]).toEqual([first.id, second.id]);
    expect(await queue.waitOf(third)).toBe(
      'Waiting for another run to end, first in the queue',
    );
    expect(await queue.waitOf(fourth)).toBe('Waiting to start: 1 run is ahead');
    changed.length = 0;
    begun.get(first.id)!();
    await waitFor(() => begun.has(third.id), 'the third run');
    await waitFor(() => changed.includes('d'), 'the change');
    expect(await queue.waitOf(fourth)).toBe(
      'Waiting for another run to end, first in the queue',
    );
  });

  it('tells a run whose jobs wait for a slot how many are ahead', async () => {
    const run = await ask('a');
    const forever = new AbortController().signal;
    const job = (id: string, order: number) =>
      slots.acquire(
        {
          alone: false,
          short: false,
          priority: 0,
          order,
          run: id,
          onMoved: () => {},
        },
        forever,
      );
    const other = await job('other', 0);
    await job('other', 0);
    const second = job('other', 1);
    const own = job(run.id, 2);
    expect(await queue.waitOf({ id: run.id, status: 'running' })).toBe(
      'Waiting for a slot: 1 job is ahead',
    );
    other();
    (await second)();
    await own;
    expect(await queue.waitOf({ id: run.id, status: 'running' })).toBeNull();
  });

  it('begins a run once, though it is asked again before the run is recorded as running', async () => {
    const run = await ask('a');
    await waitFor(() => begun.has(run.id), 'the run');
    const end = begun.get(run.id)!;
    begun.delete(run.id);
    await ask('b');
    await waitFor(() => begun.size === 1, 'the other run');
    expect(begun.has(run.id)).toBe(false);
    end();
  });
});
