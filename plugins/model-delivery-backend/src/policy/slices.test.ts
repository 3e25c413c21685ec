import type { EvidenceOf } from '@slipway/plugin-model-delivery-common/schema';
import { evaluation, gateInput } from './__testUtils__/gateInput';
import { evaluateGates } from './gates';
import type { SliceRule } from './slices';

type Slice = EvidenceOf<'evaluation'>['slices'][number];
const slice = (name: string, overrides: Partial<Slice> = {}): Slice => ({
  name,
  where: `island = ${name}`,
  n: 40,
  metric: 'accuracy',
  candidate: 0.95,
  baseline: null,
  delta: null,
  pass: null,
  insufficient: false,
  ...overrides,
});
const judged = (rule: SliceRule, slices: Slice[] | null) =>
  evaluateGates(
    gateInput({
      gates: [{ slices: rule }],
      evidence: slices === null ? [] : [evaluation({ slices })],
    }),
  ).gates[0];
const rule = { metric: 'accuracy', min: 0.9 };

describe('a limit on every slice', () => {
  it('passes with every slice, its value and its rows', () => {
    expect(
      judged(rule, [slice('Biscoe'), slice('Dream', { candidate: 0.9 })]),
    ).toEqual({
      id: '0-accuracy-slices',
      title: 'Accuracy of every slice at least 0.9',
      outcome: 'pass',
      reason:
        'accuracy of Biscoe 0.95 ≥ 0.9 on 40 rows, Dream 0.9 ≥ 0.9 on 40 rows',
      observed: 'Biscoe 0.95, Dream 0.9',
      observedAt: '2025-12-31T12:00:00.000Z',
      source: 'evaluation report',
      runId: 'run-3',
      remedy: 'none',
    });
  });

  it('fails for one slice, and names only those that fail', () => {
    expect(
      judged(rule, [slice('Biscoe'), slice('Dream', { candidate: 0.899 })]),
    ).toMatchObject({
      outcome: 'fail',
      reason: 'accuracy of Dream 0.899 < 0.9 on 40 rows',
    });
  });

  it('limits a metric that should be small from above', () => {
    const max = { metric: 'mae', max: 2 };
    const of = (candidate: number) =>
      judged(max, [slice('Winter', { metric: 'mae', candidate })]);
    expect(of(2)).toMatchObject({
      title: 'Mae of every slice at most 2',
      outcome: 'pass',
      reason: 'mae of Winter 2 ≤ 2 on 40 rows',
    });
    expect(of(2.1)).toMatchObject({
      outcome: 'fail',
      reason: 'mae of Winter 2.1 > 2 on 40 rows',
    });
  });

  it('does not know a slice that is too small, and says n', () => {
    const strict = { ...rule, minRows: 30 };
    expect(judged(strict, [slice('Torgersen', { n: 29 })])).toMatchObject({
      outcome: 'unknown',
      reason: 'accuracy of Torgersen rests on too few rows (n 29 of 30)',
      remedy: 'rerun',
    });
    expect(judged(strict, [slice('Torgersen', { n: 30 })]).outcome).toBe(
      'pass',
    );
    expect(
      judged(rule, [slice('Torgersen', { n: 3, insufficient: true })]),
    ).toMatchObject({
      outcome: 'unknown',
      reason: 'accuracy of Torgersen rests on too few rows (n 3)',
    });
  });

  it('fails rather than being unknown where another slice is bad for certain', () => {
    expect(
      judged({ ...rule, minRows: 30 }, [
        slice('Torgersen', { n: 3 }),
        slice('Dream', { candidate: 0.5 }),
      ]).outcome,
    ).toBe('fail');
  });

  it('is unknown without a value, without slices and without an evaluation', () => {
    expect(judged(rule, [slice('Dream', { candidate: null })])).toMatchObject({
      outcome: 'unknown',
      reason: 'accuracy of Dream was not measured',
      observed: 'Dream unknown',
    });
    expect(judged(rule, [slice('Dream', { metric: 'recall' })])).toMatchObject({
      outcome: 'unknown',
      reason: 'The evaluation has no slices for accuracy.',
      remedy: 'rerun',
      observed: null,
    });
    expect(judged(rule, null)).toMatchObject({
      outcome: 'unknown',
      reason: 'No evaluation is known.',
      remedy: 'rerun',
      source: null,
    });
  });

  it('names five slices at most', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const reason = (of: string[]) =>
      judged(
        { metric: 'accuracy', min: 1 },
        of.map(name => slice(name)),
      ).reason;
    expect(reason(names)).toMatch(/e 0\.95 < 1 on 40 rows and 2 more$/);
    expect(reason(names.slice(0, 5))).toMatch(/e 0\.95 < 1 on 40 rows$/);
  });
});
