import { gateInput, live, performance } from './__testUtils__/gateInput';
import { evaluateGates } from './gates';
import type { SpeedRule } from './speed';

const judged = (
  rule: SpeedRule,
  found: ReturnType<typeof performance> | null,
  against: typeof live | null = live,
) =>
  evaluateGates(
    gateInput({
      gates: [{ performance: rule }],
      evidence: found ? [found] : [],
      live: against,
    }),
  ).gates[0];
const p95 = { p95RatioToLive: 1.2 };
const throughput = { throughputRatioToLive: 0.9 };

describe('the speed against the live version', () => {
  it('limits p95 from above', () => {
    expect(judged(p95, performance({ p95Ratio: 1.2 }))).toEqual({
      id: '0-performance',
      title: 'P95 at most 1.2 times live',
      outcome: 'pass',
      reason: 'p95 is 1.2 times that of 0.1.0 ≤ 1.2',
      observed: '1.2 times 0.1.0',
      observedAt: '2025-12-31T13:00:00.000Z',
      source: 'performance report',
      runId: 'run-4',
      remedy: 'none',
    });
    expect(judged(p95, performance({ p95Ratio: 1.21 }))).toMatchObject({
      outcome: 'fail',
      reason: 'p95 is 1.21 times that of 0.1.0 > 1.2',
    });
  });

  it('limits the throughput from below', () => {
    expect(
      judged(throughput, performance({ throughputRatio: 0.9 })),
    ).toMatchObject({
      title: 'Throughput at least 0.9 times live',
      outcome: 'pass',
      reason: 'throughput is 0.9 times that of 0.1.0 ≥ 0.9',
    });
    expect(
      judged(throughput, performance({ throughputRatio: 0.89 })),
    ).toMatchObject({
      outcome: 'fail',
      reason: 'throughput is 0.89 times that of 0.1.0 < 0.9',
    });
  });

  it('passes where there is nothing to compare with', () => {
    expect(judged(p95, null, null)).toMatchObject({
      outcome: 'pass',
      reason:
        'No version is live here yet, so there is nothing to compare with.',
      observed: 'none',
      source: 'deployment history',
    });
    expect(judged(p95, null, { ...live, version: '0.2.0' })).toMatchObject({
      outcome: 'pass',
      reason: 'This version is live.',
      observed: '0.2.0',
      observedAt: live.since,
    });
  });

  it('does not believe a measurement of a busy machine, or one against another version', () => {
    expect(
      judged(p95, performance({ p95Ratio: 1, valid: false })),
    ).toMatchObject({
      outcome: 'unknown',
      reason: 'The measurement is not valid: p50 of 3 ms',
      remedy: 'rerun',
    });
    expect(
      judged(p95, performance({ p95Ratio: 1, baselineVersion: '0.0.9' })),
    ).toMatchObject({
      outcome: 'unknown',
      reason:
        'It was timed against 0.0.9, and 0.1.0 is live now. Run the pipeline again.',
      remedy: 'rerun',
    });
    expect(
      judged(p95, performance({ p95Ratio: 1, baselineVersion: null })).reason,
    ).toBe(
      'It was not timed against a live version, and 0.1.0 is live now. Run the pipeline again.',
    );
  });

  it('is unknown without a report and without the ratio', () => {
    expect(judged(p95, null)).toMatchObject({
      outcome: 'unknown',
      reason: 'No performance report is known.',
      remedy: 'rerun',
      observed: null,
    });
    expect(judged(p95, performance({ throughputRatio: 1 }))).toMatchObject({
      outcome: 'unknown',
      reason: 'The performance report has no p95 against 0.1.0.',
      remedy: 'rerun',
      observed: null,
    });
    expect(judged(throughput, performance({ p95Ratio: 1 })).reason).toBe(
      'The performance report has no throughput against 0.1.0.',
    );
  });
});
