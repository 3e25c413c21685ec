import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { openTestDatabase } from '../__testUtils__/testDatabase';
import { PredictionStore } from '../database/PredictionStore';
import { FeedbackCounts } from './feedbackCounts';
import { LabelTaker } from './LabelTaker';
import { PredictionLog } from './PredictionLog';

const KEY = 'default/m/production';

describe('LabelTaker', () => {
  let folder: string;
  let knex: Knex;
  let store: PredictionStore;
  let taker: LabelTaker;
  let log: PredictionLog;
  let isLive = true;

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'labels-'));
    await fs.mkdir(path.join(folder, 'model'));
    knex = await openTestDatabase(':memory:');
    store = new PredictionStore(knex);
    log = new PredictionLog({
      store,
      logger: mockServices.logger.mock(),
      keep: { days: 1, perEnvironment: 10 },
    });
    isLive = true;
    taker = new LabelTaker({
      store,
      log,
      counts: new FeedbackCounts(),
      environments: {
        find: () => (isLive ? { current: { bundle: { folder } } } : undefined),
      } as never,
      onLabel: () => undefined,
    });
  });
  afterEach(async () => {
    await log.stop();
    await knex.destroy();
    await fs.rm(folder, { recursive: true });
  });

  const bundle = async (output: object, params: object = {}) => {
    const write = (name: string, content: object) =>
      fs.writeFile(path.join(folder, 'model', name), JSON.stringify(content));
    await write('signature.json', {
      inputs: [],
      outputs: [{ name: 'y', shape: [-1], ...output }],
    });
    await write('params.json', params);
  };
  const predicted = (...answers: (string | number)[]) =>
    log.add({
      key: KEY,
      id: 'p',
      at: 1,
      version: '0.1.0',
      answers,
      inputs: null,
    });
  const take = (label: unknown, row?: number) =>
    taker.take(KEY, Buffer.from(JSON.stringify({ id: 'p', label, row })));

  it('takes the classes of the live version, and says which there are', async () => {
    await bundle({ datatype: 'BYTES', categories: ['low', 'high'] });
    predicted('low', 'high');
    expect(await take('high', 1)).toMatchObject({
      status: 200,
      content: { row: 1, outcome: 'correct' },
    });
    expect(await take('hihg', 1)).toEqual({
      status: 400,
      content: { error: 'The label must be one of low, high.' },
    });
  });

  it('compares numbers within the tolerance that the version was trained with', async () => {
    await bundle({ datatype: 'FP64' }, { feedbackTolerance: 2 });
    predicted(20);
    expect(await take(21.5)).toMatchObject({ content: { outcome: 'close' } });
    expect(await take(17)).toMatchObject({ content: { outcome: 'far' } });
    expect(await take('20')).toEqual({
      status: 400,
      content: { error: 'The label must be a number.' },
    });
  });

  it('takes labels while no server is up', async () => {
    isLive = false;
    predicted('low');
    expect(await take('high')).toMatchObject({
      status: 200,
      content: { outcome: 'incorrect' },
    });
  });

  it('finds a prediction of which nothing is written yet', async () => {
    isLive = false;
    predicted('low');
    expect((await take('low')).status).toBe(200);
  });

  it('refuses what is no label', async () => {
    for (const sent of [
      undefined,
      Buffer.from('{'),
      Buffer.from('[]'),
      Buffer.from('{"id":"p"}'),
      Buffer.from('{"id":"p","label":{"a":1}}'),
      Buffer.from('{"id":"","label":"a"}'),
      Buffer.from('{"id":"p","label":"a","row":0.5}'),
    ]) {
      expect(await taker.take(KEY, sent)).toMatchObject({ status: 400 });
    }
  });
});
