import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { newDeployment } from '../__testUtils__/deliveryParts';
import { modelEntity } from '../__testUtils__/fakes';
import { currentRequest } from './currentRequest';
import { HistoryCheckStore } from './HistoryCheckStore';
import { connect } from './migrate';
import { createStores, type Stores } from './stores';

const { verify } = require('../../bin/verify-history.js') as {
  verify(
    lines: string[],
    head?: { seq: number; hash: string },
  ): { entries: number; problems: string[] };
};

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const at = new Date(Date.UTC(2026, 0, 1)).toISOString();

describe.each(databases.eachSupportedId())('the history on %s', id => {
  let knex: Knex;
  let stores: Stores;
  let models = 0;
  let ref: string;
  const entry = (message: string) => ({
    at,
    by: 'user:default/ada',
    what: 'rollback',
    outcome: 'denied' as const,
    environment: 'production',
    deploymentId: null,
    from: null,
    to: null,
    reason: null,
    message,
  });
  const lines = async () =>
    (await stores.history.after(ref, 0, 1000)).map(one =>
      JSON.stringify({ entityRef: ref, ...one }),
    );
  const problems = async () =>
    verify(await lines(), await stores.history.head(ref)).problems;

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
  });
  afterAll(() => knex.destroy());
  beforeEach(async () => {
    models += 1;
    const spec = modelSpecFromEntity(modelEntity(`model-${models}`));
    ref = spec.entityRef;
    await stores.models.upsert(spec, [], at);
    await currentRequest.run('request-7', async () => {
      const { deployment } = await stores.deployments.create(
        newDeployment(spec, { fromVersion: '0.0.9', reason: 'Better' }),
        at,
      );
      await stores.execution.transition(
        deployment,
        { trigger: 'cancel', message: 'Cancelled.', by: 'user:default/bo' },
        at,
      );
    });
  });

  it('tells who did what, from what to what, why, when and with which request', async () => {
    const { items } = await stores.history.list(ref, { limit: 10 });
    expect(items).toEqual([
      expect.objectContaining({
        seq: 2,
        by: 'user:default/bo',
        what: 'deploy cancelled',
        message: 'Cancelled.',
      }),
      expect.objectContaining({
        seq: 1,
        at,
        by: 'user:default/ada',
        what: 'deploy requested',
        outcome: 'done',
        environment: 'production',
        from: '0.0.9',
        to: '0.1.0',
        reason: 'Better',
        requestId: 'request-7',
        previousHash: '',
      }),
    ]);
    expect(await problems()).toEqual([]);
  });

  it('keeps one chain under writers at the same instant', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        stores.history.append(ref, entry(`Number ${n}`)),
      ),
    );
    expect(verify(await lines(), await stores.history.head(ref))).toMatchObject(
      { entries: 32, problems: [] },
    );
  });

  it('has no entry of a write that was rolled back', async () => {
    const [first] = (await stores.deployments.list(ref, {}, { limit: 1 }))
      .items;
    await expect(
      stores.execution.transition(
        first,
        { trigger: 'go-live', message: 'No.', by: 'system' },
        at,
      ),
    ).rejects.toThrow('cancelled');
    expect(await lines()).toHaveLength(2);
    expect(await problems()).toEqual([]);
  });

  describe('when it is verified', () => {
    const row = (seq: number) =>
      knex('model_history').where({ entity_ref: ref, seq });
    const check = () => stores.historyChecks.verify(ref, at);

    it('holds to its end, and the result stays', async () => {
      expect(await stores.historyChecks.last(ref)).toBeNull();
      const found = await check();
      expect(found).toEqual({ at, entries: 2, problem: null });
      expect(await stores.historyChecks.last(ref)).toEqual(found);
    });

    it('names the first entry that was changed, replaced or removed', async () => {
      await stores.history.append(ref, entry('Refused'));
      await row(2).update({ by: 'user:default/eve' });
      expect(await check()).toMatchObject({
        entries: 1,
        problem: {
          seq: 2,
          message: 'Entry 2 was changed: its fields have another hash.',
        },
      });
      expect(await stores.historyChecks.last(ref)).toMatchObject({
        entries: 1,
        problem: { seq: 2 },
      });
      await row(2).delete();
      expect((await check()).problem).toEqual({
        seq: 2,
        message: 'Entry 2 is missing.',
      });
      await row(3).update({ seq: 2 });
      expect((await check()).problem?.message).toContain(
        'Entry 2 does not continue the entry before it',
      );
    });

    it('misses an end that was cut off, also where the end of the model was moved back', async () => {
      await check();
      await row(2).delete();
      const missing = {
        entries: 1,
        problem: { seq: 2, message: 'Entry 2 is missing.' },
      };
      expect(await check()).toMatchObject(missing);
      const first = await row(1).first();
      await knex('model')
        .where('entity_ref', ref)
        .update({ history_seq: 1, history_hash: first.hash });
      expect(await check()).toMatchObject(missing);
    });

    it('finds a chain that was written anew from the start', async () => {
      await check();
      await row(1).delete();
      await row(2).delete();
      await knex('model')
        .where('entity_ref', ref)
        .update({ history_seq: 0, history_hash: '' });
      for (const message of ['One', 'Two', 'Three']) {
        await stores.history.append(ref, entry(message));
      }
      expect((await check()).problem).toEqual({
        seq: 2,
        message: expect.stringContaining('Entry 2 had another hash'),
      });
    });

    it('takes no entry that is written meanwhile for a problem', async () => {
      const { head } = stores.history;
      jest.spyOn(stores.history, 'head').mockImplementation(async of => {
        const found = await head.call(stores.history, of);
        await stores.history.append(ref, entry('Meanwhile'));
        return found;
      });
      const checks = new HistoryCheckStore(knex, stores.history);
      expect(await checks.verify(ref, at)).toMatchObject({
        entries: 2,
        problem: null,
      });
      jest.restoreAllMocks();
    });
  });

  it('shows a row that was changed, one that is missing, and an end that was cut off', async () => {
    await stores.history.append(ref, entry('Refused'));
    const row = (seq: number) =>
      knex('model_history').where({ entity_ref: ref, seq });
    await row(2).update({ by: 'user:default/eve' });
    expect(await problems()).toEqual([
      'Entry 2 was changed: its fields have another hash',
    ]);
    await row(2).delete();
    expect(await problems()).toEqual([
      'Entry 2 is missing: 3 follows 1',
      'Entry 3 does not continue the entry before it',
    ]);
    await row(3).delete();
    expect(await problems()).toEqual([
      expect.stringMatching(
        /^The chain does not contain entry 3 with the hash/,
      ),
    ]);
  });

  describe('of denials', () => {
    const MINUTE = 60_000;
    const minutes = (n: number) =>
      new Date(Date.parse(at) + n * MINUTE).toISOString();
    const deny = (count: number, minute: number, by = 'user:default/mallory') =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          stores.denials.record(ref, {
            ...entry(`No ${n}`),
            at: minutes(minute),
            by,
          }),
        ),
      );
    const denied = async () =>
      (await stores.history.after(ref, 0, 1000))
        .filter(one => one.outcome === 'denied')
        .map(({ what, message }) =>
          what === 'denials' ? message : 'one denial',
        );
    const listed = Array(20).fill('one denial');
    const limited = `20 requests were denied since ${minutes(0)}. Further ones are counted until ${minutes(60)}; the audit log lists them.`;
    const more = (count: string) =>
      `${count} denied between ${minutes(0)} and ${minutes(60)}; the audit log lists them.`;

    it('lists the first ones of a person within an hour, and then gives their number', async () => {
      await deny(50, 0);
      await deny(50, 59);
      expect(await denied()).toEqual([...listed, limited]);
      await stores.denials.endWindows(minutes(59));
      expect(await denied()).toEqual([...listed, limited]);
      await Promise.all([
        stores.denials.endWindows(minutes(60)),
        stores.denials.endWindows(minutes(60)),
      ]);
      expect(await denied()).toEqual([
        ...listed,
        limited,
        more('80 more requests were'),
      ]);
      expect(await problems()).toEqual([]);
      expect(await knex('denial_window').where('entity_ref', ref)).toEqual([]);
    });

    it('lists the next ones when the hour is over, whether or not a sweep came first', async () => {
      await deny(21, 0);
      await deny(2, 60);
      expect(await denied()).toEqual([
        ...listed,
        limited,
        more('1 more request was'),
        'one denial',
        'one denial',
      ]);
      expect(await problems()).toEqual([]);
    });

    it('counts each person alone, and says nothing of a few', async () => {
      await deny(20, 0);
      await deny(3, 0, 'user:default/eve');
      await stores.denials.endWindows(minutes(90));
      expect(await denied()).toEqual(Array(23).fill('one denial'));
    });

    it('keeps nothing of a model that does not exist', async () => {
      await stores.denials.record('mlmodel:default/none', entry('No'));
      const kept = await knex('denial_window').where({
        entity_ref: 'mlmodel:default/none',
      });
      expect(kept).toEqual([]);
    });
  });
});
