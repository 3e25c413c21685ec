import {
  type Evidence,
  type EvidenceOf,
  type GateRule,
  rolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import {
  evaluation as evaluationOf,
  gateInput,
  live,
} from './__testUtils__/gateInput';
import type { GateInput, Predecessor } from './gateInput';
import { evaluateGates } from './gates';
import { worst } from './verdict';

const input = (gates: GateRule[], overrides: Partial<GateInput> = {}) =>
  gateInput({ gates, ...overrides });

const strategy = rolloutStrategy.parse({ canary: [10, 50] });

const measured = (name: string, value: number | null) => ({
  ...input([]).version,
  metrics: [
    {
      name,
      value,
      unit: null,
      direction: 'max' as const,
      ci: null,
      n: 138,
      split: 'holdout',
    },
  ],
});

/** A comparison by accuracy with what is live. */
const evaluation = (
  overrides: Partial<EvidenceOf<'evaluation'>['overall'][number]>,
  baseline: Partial<EvidenceOf<'evaluation'>['baseline']> = {},
) => {
  const compared = evaluationOf();
  return {
    ...compared,
    baseline: { ...compared.baseline, ...baseline },
    overall: [
      {
        metric: 'accuracy',
        direction: 'max' as const,
        candidate: 0.9,
        baseline: 0.9,
        delta: 0,
        pairedCi: [-0.01, 0.01] as [number, number],
        n: 138,
        ...overrides,
      },
    ],
  };
};

const only = (given: GateInput) => evaluateGates(given).gates[0];

describe('a limit on a metric', () => {
  it('compares the point estimate and shows observed, sign, limit and rows', () => {
    const rule = { metric: 'accuracy', min: 0.92 };
    expect(
      only(input([rule], { version: measured('accuracy', 0.833) })),
    ).toMatchObject({
      outcome: 'fail',
      reason: 'accuracy 0.833 < 0.92 on 138 holdout rows',
    });
    expect(
      only(input([rule], { version: measured('accuracy', 0.92) })),
    ).toMatchObject({
      outcome: 'pass',
      reason: 'accuracy 0.92 ≥ 0.92 on 138 holdout rows',
    });
  });

  it('does not know a metric that was not measured', () => {
    const rule = { metric: 'accuracy', min: 0.92 };
    expect(only(input([rule])).outcome).toBe('unknown');
    expect(
      only(input([rule], { version: measured('accuracy', null) })).outcome,
    ).toBe('unknown');
  });

  it('never passes beyond its limit, whatever the numbers', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        (value, limit) => {
          const version = measured('mae', value);
          const max = only(input([{ metric: 'mae', max: limit }], { version }));
          const min = only(input([{ metric: 'mae', min: limit }], { version }));
          expect(max.outcome).toBe(value <= limit ? 'pass' : 'fail');
          expect(min.outcome).toBe(value >= limit ? 'pass' : 'fail');
        },
      ),
    );
  });
});

describe('the basis of a result', () => {
  it('names the value, its time, its source and the run, for facts of the registry', () => {
    const rule = { metric: 'accuracy', min: 0.92 };
    expect(
      only(input([rule], { version: measured('accuracy', 0.833) })),
    ).toMatchObject({
      observed: '0.833',
      observedAt: '2025-12-31T00:00:00.000Z',
      source: 'registry local',
      runId: 'run-2',
    });
  });

  it('names the report and its time, for evidence', () => {
    const rule = { metric: 'accuracy', noWorseThanLiveBy: 0.03 };
    const given = input([rule], { evidence: [evaluation({})], live });
    expect(only(given)).toMatchObject({
      observed: '0 [−0.01, 0.01]',
      observedAt: '2025-12-31T12:00:00.000Z',
      source: 'evaluation report',
    });
  });

  it('claims no value, time or source where nothing was observed', () => {
    expect(only(input([{ metric: 'accuracy', min: 0.92 }]))).toMatchObject({
      observed: null,
      observedAt: null,
      source: null,
      runId: 'run-2',
    });
  });
});

describe('no worse than live', () => {
  const rule = { metric: 'accuracy', noWorseThanLiveBy: 0.03 };
  const judged = (evidence: Evidence[], given = live) =>
    only(input([rule], { evidence, live: given }));

  it('passes where nothing is live', () => {
    expect(only(input([rule])).outcome).toBe('pass');
  });

  it.each([
    [[-0.01, 0.02], 'pass'],
    [[-0.05, 0.01], 'needs-approval'],
    [[-0.2, -0.04], 'fail'],
    [[-0.03, 0.0], 'pass'],
  ] as const)('reads the interval %j as %s', (pairedCi, outcome) => {
    const delta = (pairedCi[0] + pairedCi[1]) / 2;
    expect(
      judged([evaluation({ delta, pairedCi: [...pairedCi] })]).outcome,
    ).toBe(outcome);
  });

  it('turns the direction round for a metric that should be small', () => {
    const mae = { metric: 'mae', noWorseThanLiveBy: 0.1 };
    const worse = evaluation({
      metric: 'mae',
      direction: 'min',
      delta: 0.3,
      pairedCi: [0.2, 0.4],
    });
    expect(only(input([mae], { evidence: [worse], live })).outcome).toBe(
      'fail',
    );
  });

  it('does not believe a comparison with another version, and says how to mend it', () => {
    const another = { version: '0.0.9', digest: null };
    expect(judged([evaluation({}, another)])).toMatchObject({
      outcome: 'unknown',
      remedy: 'reevaluate',
      reason:
        'It was compared with 0.0.9, and 0.1.0 is live now. Compare again.',
    });
    expect(
      judged([evaluation({}, { digest: `sha256:${'2'.repeat(64)}` })]).outcome,
    ).toBe('unknown');
    expect(judged([]).outcome).toBe('unknown');
    expect(
      judged([evaluation({}, { kind: 'trivial', version: null })]).outcome,
    ).toBe('unknown');
  });

  it('knows the live artifact by its digest, whatever a registry calls it', () => {
    expect(judged([evaluation({}, { version: '17' })]).outcome).not.toBe(
      'unknown',
    );
  });

  it('fails only where the whole interval is beyond the limit, whatever the numbers', () => {
    const bound = fc.double({ noNaN: true, min: -1, max: 1 });
    fc.assert(
      fc.property(
        bound,
        bound,
        fc.double({ noNaN: true, min: 0, max: 1 }),
        (a, b, limit) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          const { outcome } = only(
            input([{ metric: 'accuracy', noWorseThanLiveBy: limit }], {
              live,
              evidence: [
                evaluation({ delta: (low + high) / 2, pairedCi: [low, high] }),
              ],
            }),
          );
          const expected = -high > limit ? 'fail' : 'needs-approval';
          expect(outcome).toBe(-low > limit ? expected : 'pass');
        },
      ),
    );
  });
});

describe('tests', () => {
  const suite = (
    name: 'unit' | 'integration',
    failed: number,
    passed = 5,
  ): Evidence => ({
    kind: 'tests',
    suite: name,
    status: failed ? 'fail' : 'pass',
    summary: '',
    at: '2026-01-01T00:00:00.000Z',
    runId: null,
    passed,
    failed,
    skipped: 0,
    seconds: null,
    failures: [],
  });
  const rule: GateRule = { tests: ['unit', 'integration'] };

  it('pass when all suites pass, fail when one fails, and are unknown when one is missing', () => {
    const judged = (evidence: Evidence[]) => only(input([rule], { evidence }));
    expect(judged([suite('unit', 0), suite('integration', 0)])).toMatchObject({
      outcome: 'pass',
      reason: 'unit: 5 passed; integration: 5 passed',
    });
    expect(judged([suite('unit', 0), suite('integration', 2)])).toMatchObject({
      outcome: 'fail',
      reason: 'integration: 2 of 7 failed',
    });
    expect(judged([suite('unit', 0)]).outcome).toBe('unknown');
    expect(judged([suite('unit', 0, 0), suite('integration', 0)]).outcome).toBe(
      'unknown',
    );
  });

  it('joins the values and sources of the suites that decide, with the older time', () => {
    const older = {
      ...suite('integration', 0),
      at: '2025-12-30T00:00:00.000Z',
    };
    expect(
      only(input([rule], { evidence: [suite('unit', 0), older] })),
    ).toMatchObject({
      observed:
        'unit pass: 5 passed, 0 failed; integration pass: 5 passed, 0 failed',
      observedAt: '2025-12-30T00:00:00.000Z',
      source: 'unit test report; integration test report',
    });
    // Of two that are unknown, one was observed.
    const skipped = { ...suite('integration', 0), status: 'skipped' as const };
    expect(only(input([rule], { evidence: [skipped] }))).toMatchObject({
      outcome: 'unknown',
      reason: 'unit: no result is known; integration: no result is known',
      observed: 'integration skipped: 5 passed, 0 failed',
      source: 'integration test report',
    });
  });

  it('does not take an invalid performance result for a pass', () => {
    const performance: Evidence = {
      kind: 'performance',
      status: 'pass',
      summary: 'the control differs from itself by 14 %',
      at: '2026-01-01T00:00:00.000Z',
      runId: null,
      valid: false,
      latencyMs: null,
      p50Ratio: 1,
      aaP50Ratio: 1.14,
      baselineVersion: null,
      throughputRps: null,
      rssMb: null,
      artifactMb: null,
      coldStartMs: null,
    };
    expect(
      only(input([{ tests: ['performance'] }], { evidence: [performance] })),
    ).toMatchObject({ outcome: 'unknown', remedy: 'rerun' });
  });
});

describe('the report of all gates', () => {
  it('fails a version that its own pipeline rejected', () => {
    const report = evaluateGates(
      input([], {
        version: {
          ...input([]).version,
          status: 'rejected',
          reasons: ['accuracy 0.8 < 0.92'],
        },
      }),
    );
    expect(report).toMatchObject({
      outcome: 'fail',
      summary: 'Cannot ship: accuracy 0.8 < 0.92.',
    });
  });

  it('does not know how to roll out in steps where the provider cannot split traffic', () => {
    const given = input([], {
      deploysWith: {
        title: 'GitHub Actions',
        splitsTraffic: false,
        runsBatchJobs: false,
      },
    });
    given.environment.strategy = strategy;
    expect(evaluateGates(given)).toMatchObject({
      outcome: 'unknown',
      gates: [
        {
          id: 'strategy',
          title: 'Traffic in steps',
          reason:
            'GitHub Actions cannot split traffic, so production cannot be rolled out in steps. Remove "strategy" from the environment to deploy at once.',
        },
      ],
    });
    const able = input([]);
    able.environment.strategy = strategy;
    expect(evaluateGates(able)).toMatchObject({ outcome: 'pass', gates: [] });
  });

  const batch = { schedule: '0 6 * * *', timeZone: 'UTC', input: 'rows.csv' };

  it('does not know how to run a batch job where the provider runs none', () => {
    const given = input([], {
      deploysWith: {
        title: 'GitHub Actions',
        splitsTraffic: false,
        runsBatchJobs: false,
      },
    });
    given.environment.target = { provider: 'github', batch };
    expect(evaluateGates(given)).toMatchObject({
      outcome: 'unknown',
      gates: [
        {
          id: 'batch',
          reason:
            'GitHub Actions does not run batch jobs, so production has nothing that runs on its schedule. Remove "batch" from its target, or name another provider.',
        },
      ],
    });
    const able = input([]);
    able.environment.target = { provider: 'local', batch };
    expect(evaluateGates(able)).toMatchObject({ outcome: 'pass', gates: [] });
  });

  it('fails a roll-out in steps of a batch job, which has no traffic', () => {
    const given = input([]);
    given.environment.strategy = strategy;
    given.environment.target = { provider: 'local', batch };
    expect(evaluateGates(given)).toMatchObject({
      outcome: 'fail',
      gates: [
        {
          id: 'strategy',
          outcome: 'fail',
          reason:
            'production runs as a batch job, which has no traffic to split or to mirror. Remove "strategy" from the environment.',
        },
      ],
    });
  });

  it('is as bad as its worst gate', () => {
    const outcome = fc.constantFrom(
      'pass' as const,
      'needs-approval' as const,
      'unknown' as const,
      'fail' as const,
    );
    const badness = { pass: 0, 'needs-approval': 1, unknown: 2, fail: 3 };
    fc.assert(
      fc.property(fc.array(outcome), outcomes => {
        expect(badness[worst(outcomes)]).toBe(
          Math.max(0, ...outcomes.map(o => badness[o])),
        );
      }),
    );
  });

  it('lets a version into the next environment only after the one before', () => {
    const standing = (is: Predecessor['standing']) =>
      only(
        input([], {
          predecessor: {
            environment: 'staging',
            standing: is,
            from: null,
            to: null,
          },
        }),
      );
    expect(standing('live')).toMatchObject({
      title: 'Live in staging first',
      outcome: 'pass',
      reason: '0.2.0 is live in staging.',
    });
    expect(standing('was-live').outcome).toBe('pass');
    expect(standing('rolled-back')).toMatchObject({
      outcome: 'fail',
      reason: '0.2.0 was rolled back in staging.',
    });
    expect(standing('never')).toMatchObject({
      outcome: 'fail',
      reason: '0.2.0 was never live in staging. Deploy it there first.',
    });
  });

  it('counts the gates that passed', () => {
    expect(
      evaluateGates(
        input([{ modelCard: 'required' }], {
          version: { ...input([]).version, hasCard: true },
        }),
      ).summary,
    ).toBe('1 of 1 gates passed.');
  });

  it('says when no gates are declared', () => {
    expect(evaluateGates(input([]))).toMatchObject({
      outcome: 'pass',
      summary: 'No gates are declared.',
    });
  });
});
