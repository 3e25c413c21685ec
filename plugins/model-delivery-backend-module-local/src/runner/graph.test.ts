import fc from 'fast-check';
import { planJobs } from './graph';
import { parseModelToml } from './modelToml';
import { judgeEnd, judgeRun } from './outcome';
import { nextVersion } from './versionName';

const toml = (train: string) =>
  `contract = "1"\n[model]\nname = "m"\npackage = "m"\n[train]\n${train}\n`;

describe('planJobs', () => {
  it('trains every variant with every seed', () => {
    const model = parseModelToml(toml('variants = ["a", "b"]\nseeds = [1, 2]'));
    const trained = planJobs('full', model).filter(
      job => job.group === 'train',
    );
    expect(trained.map(job => job.args!.join(' '))).toEqual([
      'train --variant a --seed 1',
      'train --variant a --seed 2',
      'train --variant b --seed 1',
      'train --variant b --seed 2',
    ]);
  });

  it('needs only what comes before, and only perf is alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('full', 'check', 'evaluation'),
        (seeds, plan) => {
          const list = Array.from({ length: seeds }, (_, i) => i).join(', ');
          const jobs = planJobs(
            plan as never,
            parseModelToml(toml(`variants = ["a"]\nseeds = [${list}]`)),
          );
          jobs.forEach((job, index) => {
            const before = jobs.slice(0, index).map(({ id }) => id);
            expect(before).toEqual(expect.arrayContaining(job.needs));
            expect(job.alone).toBe(job.id === 'perf');
          });
          expect(jobs.some(({ id }) => id === 'register')).toBe(
            plan === 'full',
          );
        },
      ),
    );
  });
});

describe('parseModelToml', () => {
  it.each([
    ['contract = ', 'model.toml is not TOML'],
    [toml('variants = []\nseeds = [1]'), 'model.toml.train.variants is []'],
    [
      toml('variants = ["../x"]\nseeds = [1]'),
      'model.toml.train.variants[0] is "../x": letters, digits, _, . and -',
    ],
    [
      toml('variants = ["a"]\nseeds = [1]').replace('"1"', '"2"'),
      'model.toml.contract is "2": must be "1"',
    ],
  ])('says where %j does not hold', (text, message) => {
    expect(() => parseModelToml(text)).toThrow(message);
  });
});

describe('judgeEnd', () => {
  it.each([
    [0, 'passed', null],
    [1, 'failed', 'evaluate failed: it said so'],
    [3, 'rejected', 'it said so'],
    [4, 'failed', 'The data is invalid: it said so'],
    [5, 'failed', 'The environment lacks something: it said so'],
    [75, 'failed', 'evaluate could not be done now; run it again: it said so'],
    [137, 'failed', 'evaluate ended with exit code 137: it said so'],
  ])('takes exit code %d for %s', (code, status, reason) => {
    expect(judgeEnd('evaluate', { kind: 'exit', code }, 'it said so')).toEqual({
      status,
      reason,
    });
  });

  it('names a signal, and what it may mean', () => {
    expect(
      judgeEnd('train', { kind: 'signal', signal: 'SIGKILL' }, null),
    ).toEqual({
      status: 'failed',
      reason: 'train was ended by SIGKILL, perhaps for want of memory.',
    });
  });
});

describe('judgeRun', () => {
  const job = (status: string, reason: string | null = null) => ({
    name: 'x',
    status: status as never,
    reason,
  });
  it('is as bad as its worst job', () => {
    expect(judgeRun([job('passed'), job('skipped')]).status).toBe('passed');
    expect(
      judgeRun([job('passed'), job('rejected', 'A.'), job('rejected', 'B.')]),
    ).toEqual({ status: 'rejected', reason: 'A. B.' });
    expect(judgeRun([job('rejected', 'A.'), job('failed', 'B.')])).toEqual({
      status: 'failed',
      reason: 'B.',
    });
    expect(judgeRun([job('failed', 'B.'), job('cancelled', 'C.')]).status).toBe(
      'cancelled',
    );
  });
});

describe('nextVersion', () => {
  it.each([
    [undefined, '0.1.0'],
    ['0.1.0', '0.2.0'],
    ['0.9.0', '0.10.0'],
    ['2.3.4', '2.4.0'],
    ['odd', '0.1.0'],
  ])('follows %s with %s', (last, next) => {
    expect(nextVersion(last)).toBe(next);
  });
});
