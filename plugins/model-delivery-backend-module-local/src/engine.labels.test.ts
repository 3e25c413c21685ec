import path from 'node:path';
import {
  context,
  deploy,
  environmentTarget,
  findRun,
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(120_000);

const NAME = 'labelled';
const target = environmentTarget(NAME, 'production');
const SINCE = '2020-01-01T00:00:00.000Z';

describe('labels of predictions on the engine', () => {
  let test: TestEngine;
  let clone: Clone;
  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, NAME);
    clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    await findRun(test, NAME, r => r.version === '0.1.0' && !!r.finishedAt);
    await deploy(test, NAME, 'production', '0.1.0', 'first');
  });
  afterAll(() => test.destroy());

  const url = async () =>
    (await test.engine.deployments.getState(target, context)).endpoint!;
  const post = async (where: string, body: object | string) => {
    const response = await fetch(`${await url()}${where}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const predict = async (x: number, id?: string): Promise<string> => {
    const inputs = [{ name: 'x', datatype: 'FP64', shape: [1], data: [x] }];
    const { body } = await post('/v2/models/tiny/infer', { id, inputs });
    return body.id;
  };
  const label = (id: string, value: unknown, more: object = {}) =>
    post('/feedback', { id, label: value, ...more });
  const counted = async (outcome: string) => {
    const metrics = await (await fetch(`${await url()}/metrics`)).text();
    const line = `model_feedback_total{outcome="${outcome}"} `;
    return Number(
      metrics
        .split('\n')
        .find(l => l.startsWith(line))!
        .slice(line.length),
    );
  };
  const labelled = () =>
    test.engine.monitors.getLabelled(
      target,
      { since: SINCE, limit: 100 },
      context,
    );

  it('finds the prediction of an answer, and counts how the label compares', async () => {
    const id = await predict(0.9);
    expect(await label(id, 'low')).toEqual({
      status: 200,
      body: { id, row: 0, outcome: 'incorrect', replaced: false },
    });
    expect(await label(id, 'high')).toMatchObject({
      body: { outcome: 'correct', replaced: true },
    });
    expect(await labelled()).toEqual([
      {
        id,
        row: 0,
        version: '0.1.0',
        predictedAt: expect.any(String),
        labelledAt: expect.any(String),
        predicted: 'high',
        label: 'high',
      },
    ]);
    expect(await counted('incorrect')).toBe(1);
    expect(await counted('correct')).toBe(1);
    expect(test.changes).toContainEqual(
      expect.objectContaining({ what: 'monitors' }),
    );
  });

  it('says that it knows no such prediction, and what a label looks like', async () => {
    const id = await predict(0.9);
    const unknown = await label('never-made', 'high');
    expect(unknown).toEqual({
      status: 404,
      body: {
        error: expect.stringContaining(
          'No prediction of default/labelled/production has the id "never-made".',
        ),
      },
    });
    expect(await label(id, 'high', { row: 3 })).toEqual({
      status: 404,
      body: {
        error: `The prediction "${id}" has no row 3; rows count from 0.`,
      },
    });
    const malformed = await Promise.all([
      label(id, 7),
      label(id, null),
      label(id, 'high', { row: -1 }),
      post('/feedback', 'not JSON'),
      post('/feedback', { id, label: 'x'.repeat(2_000_000) }),
    ]);
    expect(malformed.map(({ status }) => status)).toEqual(Array(5).fill(400));
    expect(malformed[0].body.error).toBe(
      'The label must be the name of a class.',
    );
    expect(await counted('unknown-id')).toBe(2);
    expect(await counted('malformed')).toBe(5);
  });

  it('finds it after the engine and the server were started again, and after another version went live', async () => {
    const ids = [await predict(0.6), await predict(0.7, 'my-own-id')];
    expect(ids[1]).toBe('my-own-id');
    await test.engine.stop();
    await test.start();
    expect((await label(ids[0], 'low')).status).toBe(200);
    await clone.push({ 'behaviour.json': JSON.stringify({ threshold: 0.65 }) });
    await findRun(test, NAME, r => r.version === '0.2.0' && !!r.finishedAt);
    await deploy(test, NAME, 'production', '0.2.0', 'second');
    expect((await label(ids[1], 'high')).body).toMatchObject({
      outcome: 'correct',
    });
    expect(await labelled()).toContainEqual(
      expect.objectContaining({ id: 'my-own-id', version: '0.1.0' }),
    );
  });

  it('has the labelled rows answered by another version, and takes none of it for a prediction', async () => {
    const ask = (version: string) =>
      test.engine.monitors.answerAgain(
        target,
        { since: SINCE, limit: 100, version },
        context,
      );
    const again = await ask('0.2.0');
    const before = again.find(({ label: of }) => of === 'low')!;
    // 0.6 lies between the thresholds of the two versions.
    expect(before).toMatchObject({ predicted: 'high', answer: 'low' });
    // The row 0.9 is in its training data.
    expect(again).toHaveLength((await labelled()).length - 1);
    expect((await label('again', 'low')).status).toBe(404);
    await expect(ask('9.9.9')).rejects.toMatchObject({ kind: 'not-found' });
  });
});
