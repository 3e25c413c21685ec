import type {
  EvidenceOf,
  GateRule,
  Metric,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  evaluation,
  gateInput,
  live,
  performance,
} from './__testUtils__/gateInput';
import { evaluateGates } from './gates';
import { ruleId, ruleTitle } from './rules';

const empty = gateInput({});
const judged = (rule: GateRule, given: Parameters<typeof gateInput>[0] = {}) =>
  evaluateGates(gateInput({ ...given, gates: [rule] })).gates[0];
const unseen = {
  observed: null,
  observedAt: null,
  source: null,
  runId: 'run-2',
};
const registered = {
  observedAt: '2025-12-31T00:00:00.000Z',
  source: 'registry local',
  runId: 'run-2',
  remedy: 'none',
};

describe('the name of a gate', () => {
  it.each<[GateRule, string, string]>([
    [{ tests: ['unit', 'behaviour'] }, 'tests', 'Tests pass: unit, behaviour'],
    [{ modelCard: 'required' }, 'model-card', 'Model card present'],
    [{ dataValidation: 'required' }, 'data-validation', 'Data is valid'],
    [{ metric: 'f1', min: 0.5 }, 'f1-min', 'F1 at least 0.5'],
    [{ metric: 'mae', max: 2 }, 'mae-max', 'Mae at most 2'],
    [
      { metric: 'mae', noWorseThanLiveBy: 0.25 },
      'mae-against-live',
      'Mae within 0.25 of live',
    ],
    [
      { slices: { metric: 'mae', max: 3 } },
      'mae-slices',
      'Mae of every slice at most 3',
    ],
    [{ provenance: 'required' }, 'provenance', 'Built from a clean commit'],
    [{ maxAge: '30d' }, 'max-age', 'Evaluated within 30d'],
    [
      { signature: 'compatible' },
      'signature',
      'Signature does not break callers',
    ],
    [
      { performance: { p95RatioToLive: 2 } },
      'performance',
      'P95 at most 2 times live',
    ],
  ])('of %j is %s', (rule, id, title) => {
    expect(ruleId(rule)).toBe(id);
    expect(ruleTitle(rule, empty)).toBe(title);
  });

  it('has the version that is live now', () => {
    const rule = { metric: 'mae', noWorseThanLiveBy: 0.25 };
    expect(ruleTitle(rule, gateInput({ live }))).toBe(
      'Mae within 0.25 of live 0.1.0',
    );
  });
});

describe('a limit on a metric', () => {
  const metric = (overrides: Partial<Metric>) => ({
    version: {
      ...empty.version,
      metrics: [
        {
          name: 'mae',
          value: 2,
          unit: null,
          direction: 'min' as const,
          ci: null,
          n: null,
          split: null,
          ...overrides,
        },
      ],
    },
  });

  it('names its rows as far as they are known', () => {
    const reason = (overrides: Partial<Metric>) =>
      judged({ metric: 'mae', max: 2 }, metric(overrides)).reason;
    expect(reason({})).toBe('mae 2 ≤ 2');
    expect(reason({ n: 40 })).toBe('mae 2 ≤ 2 on 40 rows');
    expect(reason({ n: 40, split: 'test' })).toBe('mae 2 ≤ 2 on 40 test rows');
    expect(reason({ value: -2.5 })).toBe('mae −2.5 ≤ 2');
    expect(reason({ value: 2.00009, n: 40 })).toBe('mae 2 > 2 on 40 rows');
  });

  it('rests on the registry, and on nothing where no value is', () => {
    expect(judged({ metric: 'mae', max: 2 }, metric({}))).toMatchObject({
      outcome: 'pass',
      observed: '2',
      ...registered,
    });
    expect(judged({ metric: 'mae', max: 2 }, metric({ value: null }))).toEqual({
      id: '0-mae-max',
      title: 'Mae at most 2',
      outcome: 'unknown',
      reason: 'No mae was measured for 0.2.0.',
      remedy: 'rerun',
      ...unseen,
    });
    expect(
      judged({ metric: 'mae', max: 2 }, { ...metric({}), registry: null })
        .source,
    ).toBe('registry');
  });
});

describe('a model card', () => {
  it('is present or missing', () => {
    const version = { ...empty.version, hasCard: true };
    expect(judged({ modelCard: 'required' }, { version })).toMatchObject({
      outcome: 'pass',
      reason: 'A model card was made for this version.',
      observed: 'present',
      ...registered,
    });
    expect(judged({ modelCard: 'required' })).toMatchObject({
      outcome: 'fail',
      reason: 'This version has no model card.',
      observed: 'missing',
      ...registered,
    });
  });
});

describe('the data validation', () => {
  const data = (
    status: EvidenceOf<'data-validation'>['status'],
  ): EvidenceOf<'data-validation'> => ({
    kind: 'data-validation',
    status,
    summary: '3 checks',
    at: '2025-12-31T00:00:00.000Z',
    runId: 'run-5',
    checks: [],
  });
  const reported = {
    observedAt: '2025-12-31T00:00:00.000Z',
    source: 'data validation report',
    runId: 'run-5',
  };

  it('passes and fails with its summary', () => {
    for (const status of ['pass', 'fail'] as const) {
      expect(
        judged({ dataValidation: 'required' }, { evidence: [data(status)] }),
      ).toMatchObject({
        outcome: status,
        reason: '3 checks',
        observed: status,
        remedy: 'none',
        ...reported,
      });
    }
  });

  it('is unknown where it did not end, or is not known', () => {
    expect(
      judged({ dataValidation: 'required' }, { evidence: [data('error')] }),
    ).toMatchObject({
      outcome: 'unknown',
      reason: 'No data validation is known.',
      observed: 'error',
      remedy: 'rerun',
      ...reported,
    });
    expect(judged({ dataValidation: 'required' })).toMatchObject({
      outcome: 'unknown',
      reason: 'No data validation is known.',
      remedy: 'rerun',
      ...unseen,
    });
  });
});

describe('test suites', () => {
  const suite = (
    overrides: Partial<EvidenceOf<'tests'>>,
  ): EvidenceOf<'tests'> => ({
    kind: 'tests',
    suite: 'unit',
    status: 'pass',
    summary: 'It crashed.',
    at: '2025-12-31T00:00:00.000Z',
    runId: 'run-6',
    passed: 5,
    failed: 0,
    skipped: 0,
    seconds: null,
    failures: [],
    ...overrides,
  });
  const unit = (overrides: Partial<EvidenceOf<'tests'>>) =>
    judged({ tests: ['unit'] }, { evidence: [suite(overrides)] });

  it.each([
    [{}, 'pass', 'unit: 5 passed', 'none'],
    [
      { status: 'fail' as const, failed: 1 },
      'fail',
      'unit: 1 of 6 failed',
      'none',
    ],
    [{ status: 'fail' as const }, 'fail', 'unit: 0 of 5 failed', 'none'],
    [{ failed: 1 }, 'fail', 'unit: 1 of 6 failed', 'none'],
    [{ passed: 0 }, 'unknown', 'unit: no test ran', 'rerun'],
    [{ status: 'error' as const }, 'unknown', 'unit: It crashed.', 'rerun'],
    [
      { status: 'skipped' as const },
      'unknown',
      'unit: no result is known',
      'rerun',
    ],
    [
      { status: 'unknown' as const },
      'unknown',
      'unit: no result is known',
      'rerun',
    ],
  ] as const)('with %j are %s', (overrides, outcome, reason, remedy) => {
    expect(unit(overrides)).toMatchObject({
      outcome,
      reason,
      remedy,
      source: 'unit test report',
      runId: 'run-6',
    });
  });

  it('tell apart which suite a report is of', () => {
    expect(unit({ suite: 'behaviour' })).toMatchObject({
      outcome: 'unknown',
      reason: 'unit: no result is known',
      remedy: 'rerun',
      ...unseen,
    });
  });

  it.each([
    [{}, 'pass', 'performance pass', 'none'],
    [{ status: 'fail' as const }, 'fail', 'performance fail', 'none'],
    [{ status: 'error' as const }, 'unknown', 'performance error', 'rerun'],
    [{ valid: false }, 'unknown', 'performance pass, invalid', 'rerun'],
  ] as const)(
    'of performance with %j are %s',
    (overrides, outcome, observed, remedy) => {
      expect(
        judged(
          { tests: ['performance'] },
          { evidence: [performance(overrides)] },
        ),
      ).toMatchObject({
        outcome,
        reason: 'performance: p50 of 3 ms',
        observed,
        remedy,
        source: 'performance report',
      });
    },
  );

  it('are unknown without a performance report', () => {
    expect(judged({ tests: ['performance'] })).toMatchObject({
      outcome: 'unknown',
      reason: 'performance: no result is known',
      remedy: 'rerun',
      ...unseen,
    });
  });
});

describe('a comparison with the live version', () => {
  const rule = { metric: 'accuracy', noWorseThanLiveBy: 0.02 };
  type Row = EvidenceOf<'evaluation'>['overall'][number];
  const row = (overrides: Partial<Row> = {}): Row => ({
    metric: 'accuracy',
    direction: 'max',
    candidate: 0.9,
    baseline: 0.9,
    delta: -0.01,
    pairedCi: [-0.02, 0.01],
    n: 40,
    ...overrides,
  });
  const against = (overrides: Partial<EvidenceOf<'evaluation'>>) =>
    judged(rule, { live, evidence: [evaluation(overrides)] });
  const reported = {
    observedAt: '2025-12-31T12:00:00.000Z',
    source: 'evaluation report',
    runId: 'run-3',
  };

  it.each<[Partial<Row>, string, string]>([
    [
      {},
      'pass',
      'accuracy difference −0.01 [−0.02, 0.01] against 0.1.0 stays within −0.02',
    ],
    [
      { pairedCi: [-0.03, 0.01] },
      'needs-approval',
      'accuracy difference −0.01 [−0.03, 0.01] against 0.1.0: the interval reaches past −0.02, so a person decides',
    ],
    [
      { pairedCi: [-0.05, -0.03] },
      'fail',
      'accuracy difference −0.01 [−0.05, −0.03] against 0.1.0 lies wholly beyond −0.02',
    ],
    [
      { pairedCi: [-0.05, -0.02] },
      'needs-approval',
      'accuracy difference −0.01 [−0.05, −0.02] against 0.1.0: the interval reaches past −0.02, so a person decides',
    ],
    [
      { pairedCi: null },
      'needs-approval',
      'accuracy difference −0.01 against 0.1.0: without an interval, a person decides',
    ],
    [
      { pairedCi: null, delta: -0.02 },
      'needs-approval',
      'accuracy difference −0.02 against 0.1.0: without an interval, a person decides',
    ],
    [
      { pairedCi: null, delta: -0.021 },
      'fail',
      'accuracy difference −0.021 against 0.1.0 is beyond −0.02',
    ],
    [
      { direction: 'min', delta: 0.03, pairedCi: [0.025, 0.04] },
      'fail',
      'accuracy difference 0.03 [0.025, 0.04] against 0.1.0 lies wholly beyond 0.02',
    ],
    [
      { direction: 'min', delta: -0.5, pairedCi: [-0.6, -0.4] },
      'pass',
      'accuracy difference −0.5 [−0.6, −0.4] against 0.1.0 stays within 0.02',
    ],
  ])('with %j is %s', (overrides, outcome, reason) => {
    expect(against({ overall: [row(overrides)] })).toMatchObject({
      outcome,
      reason,
      remedy: 'none',
      ...reported,
    });
  });

  it('shows the difference alone as observed', () => {
    expect(against({ overall: [row({ pairedCi: null })] }).observed).toBe(
      '−0.01',
    );
  });

  it('is unknown without the metric or its difference', () => {
    for (const overall of [
      [],
      [row({ delta: null })],
      [row({ metric: 'f1' })],
    ]) {
      expect(against({ overall })).toMatchObject({
        outcome: 'unknown',
        reason: 'The comparison with 0.1.0 has no accuracy.',
        observed: null,
        remedy: 'reevaluate',
        ...reported,
      });
    }
  });

  it('is unknown where it was made with something else', () => {
    const baseline = (
      overrides: Partial<EvidenceOf<'evaluation'>['baseline']>,
    ) =>
      against({
        baseline: {
          kind: 'champion',
          version: '0.0.9',
          digest: null,
          reason: null,
          ...overrides,
        },
      });
    expect(baseline({})).toMatchObject({
      outcome: 'unknown',
      reason:
        'It was compared with 0.0.9, and 0.1.0 is live now. Compare again.',
      observed: '0.0.9',
      remedy: 'reevaluate',
      ...reported,
    });
    for (const other of [{ version: null }, { kind: 'trivial' as const }]) {
      expect(baseline(other).reason).toBe(
        'It was not compared with a live version, and 0.1.0 is live now. Compare again.',
      );
    }
    expect(judged(rule, { live })).toMatchObject({
      outcome: 'unknown',
      reason:
        'It was not compared with a live version, and 0.1.0 is live now. Compare again.',
      remedy: 'reevaluate',
      ...unseen,
    });
  });

  it('knows the live version by its name where a digest is missing', () => {
    const baseline = {
      kind: 'champion' as const,
      version: '0.1.0',
      digest: null,
      reason: null,
    };
    expect(against({ baseline, overall: [row()] }).outcome).toBe('pass');
    const other = { ...live, digest: null };
    const evidence = [
      evaluation({
        overall: [row()],
        baseline: { ...baseline, digest: 'sha256:x' },
      }),
    ];
    expect(judged(rule, { live: other, evidence }).outcome).toBe('pass');
  });

  it('passes where there is nothing to compare with', () => {
    expect(judged(rule)).toMatchObject({
      outcome: 'pass',
      reason:
        'No version is live here yet, so there is nothing to compare with.',
      observed: 'none',
      source: 'deployment history',
      runId: null,
      remedy: 'none',
    });
    expect(judged(rule, { live: { ...live, version: '0.2.0' } })).toMatchObject(
      {
        outcome: 'pass',
        reason: 'This version is live.',
        observed: '0.2.0',
        observedAt: live.since,
      },
    );
  });
});
