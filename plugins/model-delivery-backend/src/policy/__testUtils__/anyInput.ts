import type {
  Evidence,
  GateRule,
  SignatureField,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import type { Freeze, GateInput } from '../gateInput';
import { evaluation, gateInput, live, performance } from './gateInput';

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const metric = fc.constantFrom('accuracy', 'mae');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary);

/** A moment in the ten days before or after the start of 2026. */
const moment = fc
  .integer({ min: -10 * DAY, max: 10 * DAY })
  .map(ms => new Date(START + ms).toISOString());

export const anyRule: fc.Arbitrary<GateRule> = fc.oneof(
  fc.record({ metric, min: share }),
  fc.record({ metric, max: share }),
  fc.record({ metric, noWorseThanLiveBy: share }),
  fc.record({
    tests: fc.subarray(['unit' as const, 'performance' as const], {
      minLength: 1,
    }),
  }),
  fc.constant<GateRule>({ modelCard: 'required' }),
  fc.constant<GateRule>({ dataValidation: 'required' }),
  fc.record({
    slices: fc.record({ metric, min: share, minRows: fc.constant(20) }),
  }),
  fc.record({
    performance: fc.oneof(
      fc.record({ p95RatioToLive: fc.constantFrom(0.9, 1.2) }),
      fc.record({ throughputRatioToLive: fc.constantFrom(0.9, 1.2) }),
    ),
  }),
  fc.constant<GateRule>({ provenance: 'required' }),
  fc.record({ maxAge: fc.constantFrom('1h', '3d', '30d') }),
  fc.constant<GateRule>({ signature: 'compatible' }),
);

const interval = fc
  .tuple(share, share)
  .map(([a, b]): [number, number] => [
    Math.min(a, b) - 0.5,
    Math.max(a, b) - 0.5,
  ]);
const baseline = fc.constantFrom<{ version: string; digest: string | null }>(
  live,
  { version: '0.0.9', digest: null },
);
const origin = fc.record({
  commit: maybe(fc.constantFrom('c'.repeat(40), 'd'.repeat(40))),
  dirty: maybe(fc.boolean()),
  artifactDigest: maybe(fc.constantFrom(`sha256:${'2'.repeat(64)}`, 'other')),
});

const anyEvaluation: fc.Arbitrary<Evidence> = fc
  .record({
    at: moment,
    baseline,
    metric,
    delta: maybe(share),
    pairedCi: maybe(interval),
    slice: maybe(share),
    n: fc.constantFrom(3, 40),
    origin: fc.option(origin, { nil: undefined }),
  })
  .map(
    ({ at, baseline: of, metric: name, delta, pairedCi, slice, n, ...rest }) =>
      evaluation({
        at,
        ...rest,
        baseline: { kind: 'champion', reason: null, ...of },
        overall: [
          {
            metric: name,
            direction: 'max',
            candidate: 0.9,
            baseline: 0.9,
            delta,
            pairedCi,
            n,
          },
        ],
        slices: [
          {
            name: 'Dream',
            where: 'island = Dream',
            n,
            metric: name,
            candidate: slice,
            baseline: null,
            delta: null,
            pass: null,
            insufficient: n < 20,
          },
        ],
      }),
  );

const anyPerformance: fc.Arbitrary<Evidence> = fc
  .record({
    valid: fc.boolean(),
    status: fc.constantFrom('pass' as const, 'fail' as const),
    baseline,
    p95Ratio: maybe(fc.constantFrom(0.8, 1, 1.3)),
    throughputRatio: maybe(fc.constantFrom(0.8, 1, 1.3)),
  })
  .map(({ baseline: { version }, ...rest }) =>
    performance({ ...rest, baselineVersion: version }),
  );

const common = { runId: null, at: '2025-12-31T00:00:00.000Z' };
const anyTests: fc.Arbitrary<Evidence> = fc
  .record({
    failed: fc.nat(2),
    passed: fc.nat(2),
    status: fc.constantFrom('pass' as const, 'fail' as const, 'error' as const),
  })
  .map(counts => ({
    kind: 'tests',
    suite: 'unit',
    summary: 'counted',
    skipped: 0,
    seconds: null,
    failures: [],
    ...common,
    ...counts,
  }));
const anyData: fc.Arbitrary<Evidence> = fc
  .constantFrom('pass' as const, 'fail' as const, 'unknown' as const)
  .map(status => ({
    kind: 'data-validation',
    status,
    summary: 'checked',
    checks: [],
    ...common,
  }));
const anySignature: fc.Arbitrary<Evidence> = fc
  .array(
    fc.record({
      name: fc.constantFrom('mass', 'island'),
      datatype: fc.constantFrom('FP32', 'FP64', 'BYTES'),
      shape: fc.constantFrom<number[]>([-1], [4]),
      optional: fc.boolean(),
    }),
    { maxLength: 2 },
  )
  .map((inputs: SignatureField[]) => ({
    kind: 'signature',
    status: 'pass',
    summary: 'listed',
    signature: { inputs, outputs: [] },
    ...common,
  }));

const someEvidence = fc
  .tuple(
    maybe(anyEvaluation),
    maybe(anyPerformance),
    maybe(anyTests),
    maybe(anyData),
    maybe(anySignature),
  )
  .map(items => items.flatMap(item => item ?? []));

const freeze: fc.Arbitrary<Freeze> = fc.record({
  current: maybe(
    fc.record({
      until: moment.filter(at => at > '2026-01-01T00:00:00.000Z'),
      reason: fc.constant('Stocktaking'),
    }),
  ),
  nextAt: fc.constant(null),
  problem: fc.option(fc.constant('No such day.')),
});

/** Every kind of gate, evidence and wait, in any combination. The time is the start of 2026. */
export const anyInput: fc.Arbitrary<GateInput> = fc
  .record({
    gates: fc.array(anyRule, { maxLength: 5 }),
    soak: fc.option(fc.constantFrom('30m', '2d'), { nil: undefined }),
    status: fc.constantFrom('registered' as const, 'rejected' as const),
    hasCard: fc.boolean(),
    value: maybe(share),
    evidence: someEvidence,
    liveEvidence: maybe(someEvidence),
    staging: maybe(
      fc.record({
        from: maybe(moment.filter(at => at <= '2026-01-01T00:00:00.000Z')),
        standing: fc.constantFrom('live', 'was-live', 'rolled-back' as const),
      }),
    ),
    freeze: maybe(freeze),
  })
  .map(given => {
    const { staging } = given;
    const input = gateInput({
      gates: given.gates,
      evidence: given.evidence,
      environment: staging ? { after: 'staging', soak: given.soak } : {},
      live: given.liveEvidence && { ...live, evidence: given.liveEvidence },
      predecessor: staging && {
        environment: 'staging',
        from: staging.from,
        to:
          staging.from !== null && staging.standing !== 'live'
            ? '2026-01-01T00:00:00.000Z'
            : null,
        standing: staging.from === null ? 'never' : staging.standing,
      },
      freeze: given.freeze,
    });
    return {
      ...input,
      version: {
        ...input.version,
        status: given.status,
        hasCard: given.hasCard,
        metrics: [
          {
            name: 'accuracy',
            value: given.value,
            unit: null,
            direction: 'max',
            ci: null,
            n: null,
            split: null,
          },
        ],
      },
    };
  });
