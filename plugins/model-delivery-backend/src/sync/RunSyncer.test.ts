import {
  modelSpecFromEntity,
  type RunStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type ModelTarget,
  type PageRequest,
  ProviderError,
  type ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { RunSyncer } from './RunSyncer';

const entity = modelEntity();
const spec = modelSpecFromEntity({
  ...entity,
  spec: {
    ...entity.spec,
    pipelines: [
      { provider: 'fake', workflow: 'train' },
      { provider: 'fake', workflow: 'deploy' },
    ],
  },
});
const ref = spec.entityRef;
const PAGE = 3;
const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

/** Pipelines whose pages are short, and which count what they are asked. */
class ShortPages {
  readonly id = 'fake';
  readonly title = 'Fake system';
  runs: (ProviderRun & { workflow: string })[] = [];
  /** Of single runs, as `workflow id`. */
  asked: string[] = [];
  /** How many pages were asked for. */
  pages = 0;
  /** Answers in the place of a run, by id. */
  spoilt = new Map<string, (run: ProviderRun) => unknown>();
  jobs: unknown[] | undefined;
  evidence: unknown[] = [];
  failing: Error | undefined;

  add(count: number, workflow: string, status: RunStatus = 'passed') {
    for (let n = 0; n < count; n += 1) {
      const number = this.runs.length + 1;
      const ended = status === 'passed';
      this.runs.push({
        workflow,
        id: `run-${number}`,
        number,
        attempt: 1,
        kind: 'training',
        status,
        reason: null,
        branch: 'main',
        commit: null,
        commitMessage: null,
        author: null,
        trigger: 'push',
        createdAt: at(number),
        startedAt: at(number),
        finishedAt: ended ? at(number) : null,
        jobsDone: ended ? 1 : 0,
        jobsTotal: 1,
        version: null,
        url: null,
      });
    }
    return this.runs.at(-1)!;
  }

  #of({ target }: ModelTarget) {
    return this.runs
      .filter(({ workflow }) => workflow === target.workflow)
      .map(({ workflow: _, ...run }) => {
        const spoil = this.spoilt.get(run.id);
        return spoil ? (spoil(run) as ProviderRun) : run;
      });
  }

  async listRuns(model: ModelTarget, { cursor }: PageRequest) {
    this.pages += 1;
    const newest = this.#of(model).reverse();
    const from = Number(cursor ?? 0);
    const to = from + PAGE;
    return {
      items: newest.slice(from, to),
      ...(to < newest.length && { nextCursor: String(to) }),
    };
  }
  getRun? = async (model: ModelTarget, id: string): Promise<ProviderRun> => {
    this.asked.push(`${model.target.workflow} ${id}`);
    if (this.failing) throw this.failing;
    const found = this.#of(model).find(run => run.id === id);
    if (!found) throw new ProviderError('not-found', 'gone');
    return found;
  };
  async getJobs(_model: ModelTarget, id: string) {
    if (this.jobs) return this.jobs;
    const { status, startedAt, finishedAt } = this.runs.find(
      run => run.id === id,
    )!;
    const part = { name: 'work', status, startedAt, finishedAt };
    const job = { ...part, id: 'job', group: null, needs: [], url: null };
    return [{ ...job, reason: null, steps: [part] }];
  }
  async getEvidence() {
    return this.evidence;
  }
}

describe('RunSyncer', () => {
  let knex: Knex;
  let stores: Stores;
  let provider: ShortPages;
  let syncer: RunSyncer;
  let now: Date;
  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    provider = new ShortPages();
    const registry = new ProviderRegistry();
    registry.add('pipelines', provider as never);
    now = new Date(at(60));
    syncer = new RunSyncer(stores, registry, () => now);
  });
  afterEach(() => knex.destroy());

  const sync = () =>
    syncer.sync(spec, 'fake', { signal: new AbortController().signal });
  const stored = async (id: string) => (await stores.runs.get(ref, id))!;

  it('reads a run again that left the pages while it was open', async () => {
    const waiting = provider.add(1, 'deploy', 'waiting');
    expect(await sync()).toMatchObject({ againInSeconds: 5 });
    provider.add(PAGE, 'deploy');
    // Those are new, so its page is read as well.
    await sync();
    provider.asked = [];
    expect(await sync()).toMatchObject({ changed: false });
    expect(provider.asked).toEqual(['deploy run-1']);
    Object.assign(waiting, { status: 'passed', finishedAt: at(59) });
    expect(await sync()).toEqual({ changed: true, againInSeconds: 60 });
    expect(await stored('run-1')).toMatchObject({
      run: { status: 'passed' },
      jobs: [{ status: 'passed' }],
    });
    provider.asked = [];
    await sync();
    expect(provider.asked).toEqual([]);
  });

  it('reads what is left where it was broken off, and what came meanwhile', async () => {
    provider.add(4 * PAGE, 'train');
    const all = () => stores.runs.list(ref, {}, { limit: 100 });
    const readUntilJobsOf = async (id: string) => {
      const getJobs = jest
        .spyOn(provider, 'getJobs')
        .mockImplementation(async (model, asked) => {
          if (asked === id) throw new ProviderError('unavailable', 'down');
          return ShortPages.prototype.getJobs.call(provider, model, asked);
        });
      await expect(sync()).rejects.toThrow('down');
      getJobs.mockRestore();
    };
    // On the second page, whose first was kept.
    await readUntilJobsOf('run-8');
    provider.add(2 * PAGE, 'train');
    await readUntilJobsOf('run-14');
    expect((await all()).items.length).toBeLessThan(12);
    await sync();
    expect((await all()).items).toHaveLength(6 * PAGE);
    const pages = jest.spyOn(provider, 'listRuns');
    expect(await sync()).toMatchObject({ changed: false });
    // One a pipeline.
    expect(pages).toHaveBeenCalledTimes(2);
  });

  it('asks for no run that is on a page', async () => {
    provider.add(PAGE, 'train', 'running');
    await sync();
    await sync();
    expect(provider.asked).toEqual([]);
  });

  it('says of a run that is gone that its end is not known, and keeps the rest', async () => {
    provider.add(1, 'train', 'running');
    await sync();
    now = new Date(at(70));
    provider.runs = [];
    expect(await sync()).toEqual({ changed: true, againInSeconds: 60 });
    expect(await stored('run-1')).toMatchObject({
      run: {
        status: 'interrupted',
        reason:
          'Fake system no longer has this run, so how it ended is not known; it was running when it was last seen.',
        startedAt: at(1),
        finishedAt: at(60),
      },
      jobs: [{ status: 'interrupted', steps: [{ status: 'interrupted' }] }],
    });
  });

  it('does not take a fault for a run that is gone', async () => {
    provider.add(1, 'train', 'running');
    await sync();
    provider.add(PAGE, 'train');
    provider.failing = new ProviderError('unavailable', 'down');
    await sync();
    await expect(sync()).rejects.toThrow('down');
    expect((await stored('run-1')).run.status).toBe('running');
  });

  it('asks the pipeline that a run came from, and all where that is not declared any more', async () => {
    provider.add(1, 'deploy', 'running');
    await sync();
    provider.add(PAGE, 'deploy');
    await sync();
    provider.asked = [];
    await sync();
    expect(provider.asked).toEqual(['deploy run-1']);
    await knex('run').update({ pipeline: '{"workflow":"of another day"}' });
    provider.asked = [];
    await sync();
    expect(provider.asked).toEqual(['train run-1', 'deploy run-1']);
    expect((await stored('run-1')).run.status).toBe('running');
    provider.asked = [];
    await sync();
    expect(provider.asked).toEqual(['deploy run-1']);
  });

  it('reads a few in one go, each in its turn, whatever becomes of the others', async () => {
    provider.add(12, 'train', 'running');
    await sync();
    provider.add(PAGE, 'train');
    // One page is all that is new.
    await sync();
    const turn = async (minute: number) => {
      now = new Date(at(minute));
      provider.asked = [];
      await sync().catch(() => undefined);
      return provider.asked.map(one => one.replace('train ', ''));
    };
    const first = await turn(61);
    expect(first).toHaveLength(10);
    const second = await turn(62);
    const every = provider.runs.slice(0, 12).map(({ id }) => id);
    expect([...new Set([...first, ...second])].sort()).toEqual(every.sort());
    provider.failing = new ProviderError('bad-data', 'odd');
    const [failed] = await turn(63);
    provider.failing = undefined;
    expect((await turn(64)).slice(0, 2)).not.toContain(failed);
  });

  it('leaves open runs alone where single ones cannot be asked for', async () => {
    provider.add(1, 'train', 'running');
    await sync();
    provider.getRun = undefined;
    provider.add(PAGE, 'train');
    await sync();
    await sync();
    expect((await stored('run-1')).run.status).toBe('running');
  });

  describe('of which something does not hold', () => {
    const withoutStatus = ({ status: _, ...run }: ProviderRun) => run;
    const message =
      'Fake system returned invalid data about run run-2: run.status is missing:';
    const runs = async () =>
      (await stores.runs.list(ref, {}, { limit: 50 })).items.map(r => r.id);

    it('costs the one run, which is named, and what was known of it stays', async () => {
      provider.add(3, 'train');
      await sync();
      provider.spoilt.set('run-2', withoutStatus);
      provider.add(1, 'train');
      const { changed, missing } = await sync();
      expect(changed).toBe(true);
      expect(missing).toMatchObject({
        kind: 'bad-data',
        message: expect.stringContaining(message),
      });
      expect(await runs()).toEqual(['run-4', 'run-3', 'run-2', 'run-1']);
      expect((await stored('run-2')).run.status).toBe('passed');
      expect(await sync()).toMatchObject({ changed: false, missing });
      provider.spoilt.clear();
      expect((await sync()).missing).toBeUndefined();
    });

    it('reads on below it, once', async () => {
      provider.add(8, 'train');
      provider.spoilt.set('run-7', withoutStatus);
      await sync();
      expect(await runs()).toHaveLength(7);
      provider.pages = 0;
      await sync();
      // The first of each of the two pipelines.
      expect(provider.pages).toBe(2);
    });

    it('says so until the run holds, also when no page has it any more', async () => {
      provider.add(4, 'train');
      provider.spoilt.set('run-2', withoutStatus);
      await sync();
      provider.add(PAGE, 'train');
      await sync();
      const { missing } = await sync();
      expect(missing?.message).toContain(message);
      expect(await runs()).not.toContain('run-2');
      provider.spoilt.clear();
      expect(await sync()).toMatchObject({
        changed: true,
        missing: undefined,
      });
      expect((await stored('run-2')).run.status).toBe('passed');
      provider.asked = [];
      await sync();
      expect(provider.asked).toEqual([]);
    });

    it('says no more of one that is gone, or that cannot be asked for', async () => {
      provider.add(2, 'train');
      provider.spoilt.set('run-2', withoutStatus);
      await sync();
      provider.runs.pop();
      expect(await sync()).toMatchObject({
        changed: false,
        missing: undefined,
      });
      provider.add(1, 'train');
      await sync();
      provider.runs.pop();
      provider.getRun = undefined;
      expect((await sync()).missing).toBeUndefined();
    });

    it('counts the others', async () => {
      provider.add(3, 'train');
      provider.spoilt.set('run-1', withoutStatus);
      provider.spoilt.set('run-2', withoutStatus);
      const { missing } = await sync();
      expect(missing?.message).toContain(message);
      expect(missing?.message).toMatch(/ 1 more could not be loaded\.$/);
    });

    it('fails as a whole where nothing holds, without going through all pages', async () => {
      provider.add(8, 'train');
      for (const { id } of provider.runs) {
        provider.spoilt.set(id, withoutStatus);
      }
      await expect(sync()).rejects.toMatchObject({ kind: 'bad-data' });
      expect(provider.pages).toBe(2);
    });

    it('fails as a whole where a run has no id, since it could not be asked for again', async () => {
      provider.add(3, 'train');
      provider.spoilt.set('run-2', ({ id: _, ...run }) => run);
      await expect(sync()).rejects.toMatchObject({
        kind: 'bad-data',
        message: expect.stringContaining('run.id is missing'),
      });
    });

    it.each([
      ['jobs', () => (provider.jobs = [{ id: 'job' }]), 'jobs[0].name'],
      [
        'evidence',
        () => (provider.evidence = [{ kind: 'tests' }]),
        'evidence[0].status',
      ],
    ])('keeps a run whole whose %s do not hold', async (_, spoil, field) => {
      provider.add(2, 'train');
      const open = provider.add(1, 'train', 'running');
      await sync();
      Object.assign(open, { status: 'passed', finishedAt: at(50) });
      spoil();
      expect((await sync()).missing?.message).toContain(`run run-3: ${field}`);
      expect((await stored('run-3')).run.status).toBe('running');
    });
  });
});
