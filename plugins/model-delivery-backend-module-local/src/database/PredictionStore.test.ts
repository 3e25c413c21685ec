import { TestDatabases } from '@backstage/backend-test-utils';
import { migrate } from './migrate';
import { type MadePrediction, PredictionStore } from './PredictionStore';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const KEY = 'default/m/production';
const OTHER = 'default/m/staging';

const made = (id: string, more: Partial<MadePrediction> = {}) => ({
  key: KEY,
  id,
  at: 1_000,
  version: '0.1.0',
  answers: ['low', 'high'],
  inputs: { x: [0.1, 0.9], note: ['a', null] },
  ...more,
});

describe.each(databases.eachSupportedId())('predictions on %s', id => {
  let store: PredictionStore;
  beforeEach(async () => {
    const knex = await databases.init(id);
    await migrate(knex);
    store = new PredictionStore(knex);
    await knex('local_prediction').delete();
    await knex('local_label').delete();
  });

  it('keeps the label of a row with what was predicted, by which version, from which inputs', async () => {
    await store.add([made('a'), made('b', { version: null, inputs: null })]);
    expect(await store.label(KEY, 'a', 1, 'low', 5_000)).toBe(false);
    expect(await store.label(KEY, 'b', 0, 'low', 6_000)).toBe(false);
    expect(await store.labelled(KEY, 0, 10)).toEqual([
      {
        id: 'b',
        row: 0,
        version: null,
        predictedAt: 1_000,
        labelledAt: 6_000,
        answer: 'low',
        label: 'low',
        inputs: null,
      },
      {
        id: 'a',
        row: 1,
        version: '0.1.0',
        predictedAt: 1_000,
        labelledAt: 5_000,
        answer: 'high',
        label: 'low',
        inputs: { x: 0.9, note: null },
      },
    ]);
    expect(await store.labelled(KEY, 5_001, 10)).toHaveLength(1);
    expect(await store.labelled(KEY, 0, 1)).toMatchObject([{ id: 'b' }]);
  });

  it('replaces a label by a later one of the same row', async () => {
    await store.add([made('a')]);
    await store.label(KEY, 'a', 0, 'high', 5_000);
    expect(await store.label(KEY, 'a', 0, 'low', 6_000)).toBe(true);
    expect(await store.labelled(KEY, 0, 10)).toMatchObject([
      { label: 'low', labelledAt: 6_000 },
    ]);
  });

  it('knows a prediction only in the environment that made it', async () => {
    await store.add([made('a')]);
    expect(await store.find(OTHER, 'a')).toBeUndefined();
    expect(await store.label(OTHER, 'a', 0, 'low', 5_000)).toBeUndefined();
    expect(await store.labelled(OTHER, 0, 10)).toEqual([]);
  });

  it('takes an id that is used again for the newer prediction, and keeps the label of the older', async () => {
    await store.add([made('a')]);
    await store.label(KEY, 'a', 0, 'low', 5_000);
    await store.add([made('a', { at: 7_000, answers: ['high'] })]);
    expect(await store.find(KEY, 'a')).toEqual({
      at: 7_000,
      answers: ['high'],
    });
    expect(await store.label(KEY, 'a', 0, 'low', 8_000)).toBe(false);
    expect(await store.labelled(KEY, 0, 10)).toHaveLength(2);
  });

  it('forgets what is old, and of each environment all but the newest', async () => {
    await store.add([
      made('old', { at: 10 }),
      ...[1, 2, 3].map(n => made(`n${n}`, { at: n * 1_000 })),
      made('elsewhere', { key: OTHER }),
    ]);
    for (const n of [1, 2, 3]) {
      await store.label(KEY, `n${n}`, 0, 'low', n * 1_000);
    }
    await store.forget(100, 2);
    const left = await Promise.all(
      ['old', 'n1', 'n2', 'n3'].map(async one => [
        one,
        (await store.find(KEY, one)) !== undefined,
      ]),
    );
    expect(Object.fromEntries(left)).toEqual({
      old: false,
      n1: false,
      n2: true,
      n3: true,
    });
    expect(await store.find(OTHER, 'elsewhere')).toBeDefined();
    expect((await store.labelled(KEY, 0, 10)).map(({ id: of }) => of)).toEqual([
      'n3',
      'n2',
    ]);
  });
});
