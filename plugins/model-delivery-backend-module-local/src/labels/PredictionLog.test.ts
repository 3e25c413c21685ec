import { mockServices } from '@backstage/backend-test-utils';
import type { MadePrediction } from '../database/PredictionStore';
import { PredictionLog } from './PredictionLog';

const made = (id: string): MadePrediction => ({
  key: 'default/m/production',
  id,
  at: 1,
  version: '0.1.0',
  answers: ['a'],
  inputs: null,
});

describe('PredictionLog', () => {
  const logger = mockServices.logger.mock();
  const written: string[][] = [];
  let fails = false;
  const log = new PredictionLog({
    store: {
      add: async (batch: MadePrediction[]) => {
        if (fails) throw new Error('database or disk is full');
        written.push(batch.map(({ id }) => id));
      },
      forget: async () => undefined,
    } as never,
    logger,
    keep: { days: 1, perEnvironment: 10 },
  });
  beforeEach(() => {
    written.length = 0;
    fails = false;
    jest.clearAllMocks();
  });

  it('writes what came since the last time at once, one id once', async () => {
    for (const id of ['a', 'b', 'a']) log.add(made(id));
    await log.flush();
    await log.flush();
    expect(written).toEqual([['a', 'b']]);
  });

  it('goes on after a write that failed, and says so', async () => {
    fails = true;
    log.add(made('a'));
    await log.flush();
    expect(logger.warn).toHaveBeenCalledWith(
      'Cannot store predictions: the disk is full; make room and try again.',
    );
    fails = false;
    log.add(made('b'));
    await log.flush();
    expect(written).toEqual([['b']]);
  });

  it('leaves out what a slow database cannot take, and says how many', async () => {
    for (let i = 0; i < 5_003; i += 1) log.add(made(String(i)));
    await log.flush();
    expect(written[0]).toHaveLength(5_000);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/^3 predictions were not stored/),
    );
  });
});
