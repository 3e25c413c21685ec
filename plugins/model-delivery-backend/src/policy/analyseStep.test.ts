import type {
  RolloutLimits,
  TrafficComparison,
  TrafficStats,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import { analyseStep, mixDistance } from './analyseStep';

const limits: RolloutLimits = {
  maxErrorRate: 0.01,
  maxP95Ratio: 1.5,
  maxMixDistance: null,
  minAgreement: null,
};
const stats = (overrides: Partial<TrafficStats> = {}): TrafficStats => ({
  requests: 1_000,
  errors: 0,
  p95Ms: 20,
  p95RangeMs: null,
  predictions: { Adelie: 600, Gentoo: 400 },
  ...overrides,
});
const between = (
  candidate: Partial<TrafficStats>,
  live: Partial<TrafficStats> = {},
  agreement: TrafficComparison['agreement'] = null,
): TrafficComparison => ({
  candidate: stats(candidate),
  live: stats(live),
  agreement,
});
const analyse = (
  traffic: TrafficComparison,
  overrides: Partial<RolloutLimits> = {},
  step = { minRequests: 100, mirror: false },
) => analyseStep(step, traffic, { ...limits, ...overrides });

describe('analyseStep', () => {
  it('passes a candidate that does as the live version does, and says the figures', () => {
    expect(analyse(between({ errors: 3 }, { errors: 2 }))).toEqual({
      outcome: 'pass',
      sentence:
        '0.3 % of 1000 requests failed, live 0.2 % of 1000, limit 1 % more; p95 20 ms, live 20 ms; mix of predictions differs by 0 %.',
    });
  });

  it('fails a candidate that fails 5 % of its requests', () => {
    expect(analyse(between({ errors: 50 }))).toEqual({
      outcome: 'fail',
      sentence:
        '5 % of 1000 requests failed, live 0 % of 1000, limit 1 % more.',
    });
  });

  it('does not blame a candidate for failures that the live version has too', () => {
    expect(analyse(between({ errors: 50 }, { errors: 50 })).outcome).toBe(
      'pass',
    );
  });

  it('does not know whether few failures are chance', () => {
    const { outcome, sentence } = analyse(
      between({ requests: 100, errors: 2 }, { requests: 100 }),
    );
    expect(outcome).toBe('unknown');
    expect(sentence).toContain('too few requests to rule out chance');
  });

  it.each([
    [{ requests: 99 }, {}],
    [{}, { requests: 99 }],
    [
      { requests: 0, p95Ms: null },
      { requests: 0, p95Ms: null },
    ],
  ])('does not know with too few requests: %j and %j', (candidate, live) => {
    expect(analyse(between(candidate, live))).toMatchObject({
      outcome: 'unknown',
      sentence: expect.stringContaining('100 of each are needed'),
    });
  });

  it.each([
    [31, 'fail'],
    [30, 'pass'],
  ])('judges a p95 of %d ms against 20 ms as %s', (p95Ms, outcome) => {
    expect(analyse(between({ p95Ms })).outcome).toBe(outcome);
  });

  it('does not fail a version for a p95 that few requests may show by chance', () => {
    const live = { p95Ms: 20, p95RangeMs: { low: 15, high: 28 } };
    const { outcome, sentence } = analyse(
      between({ p95Ms: 40, p95RangeMs: { low: 42, high: 60 } }, live),
    );
    expect(outcome).toBe('unknown');
    expect(sentence).toContain('too few requests to rule out chance');
    expect(
      analyse(between({ p95Ms: 50, p95RangeMs: { low: 43, high: 60 } }, live))
        .outcome,
    ).toBe('fail');
  });

  it('takes durations that differ by less than a scheduler makes for alike', () => {
    expect(analyse(between({ p95Ms: 5 }, { p95Ms: 0.5 })).outcome).toBe('pass');
    expect(analyse(between({ p95Ms: 5.5 }, { p95Ms: 0.5 })).outcome).toBe(
      'fail',
    );
  });

  it('shows the mix of predictions, and judges it where a limit is declared', () => {
    const other = between({ predictions: { Adelie: 100, Gentoo: 900 } });
    expect(analyse(other)).toMatchObject({
      outcome: 'pass',
      sentence: expect.stringContaining('differs by 50 %'),
    });
    expect(analyse(other, { maxMixDistance: 0.3 })).toEqual({
      outcome: 'fail',
      sentence: 'mix of predictions differs by 50 %, limit 30 %.',
    });
    expect(
      analyse(between({ predictions: {} }), { maxMixDistance: 0.3 }).outcome,
    ).toBe('unknown');
  });

  it('compares the predictions for copies of requests in a shadow step', () => {
    const shadow = { minRequests: 100, mirror: true };
    const mirrored = between({}, {}, { compared: 200, agreed: 190 });
    expect(analyse(mirrored, {}, shadow)).toMatchObject({
      outcome: 'pass',
      sentence: expect.stringContaining('95 % of 200 copies'),
    });
    expect(analyse(mirrored, { minAgreement: 0.97 }, shadow)).toEqual({
      outcome: 'fail',
      sentence: '95 % of 200 copies were predicted alike, limit 97 %.',
    });
    expect(analyse(between({}), { minAgreement: 0.97 }, shadow).outcome).toBe(
      'unknown',
    );
  });

  it('is never better with more failures of the candidate', () => {
    const badness = { pass: 0, unknown: 1, fail: 2 };
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 5_000 }),
        fc.nat(100),
        fc.nat(100),
        fc.nat(100),
        (requests, errors, more, liveErrors) => {
          const judge = (n: number) =>
            analyse(
              between(
                { requests, errors: Math.min(n, requests) },
                { requests, errors: liveErrors },
              ),
            ).outcome;
          expect(badness[judge(errors + more)]).toBeGreaterThanOrEqual(
            badness[judge(errors)],
          );
        },
      ),
    );
  });

  it('measures the distance of two mixes from 0 to 1, alike both ways', () => {
    const mix = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: 1, max: 100 }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(mix, mix, (a, b) => {
        const distance = mixDistance(a, b)!;
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1 + 1e-9);
        expect(mixDistance(b, a)).toBeCloseTo(distance);
        expect(mixDistance(a, a)).toBeCloseTo(0);
      }),
    );
  });
});
