import type {
  EnvironmentSpec,
  EvidenceOf,
  GateRule,
} from '@slipway/plugin-model-delivery-common/schema';
import type { GateInput, Predecessor } from '../gateInput';

export const live = {
  version: '0.1.0',
  digest: `sha256:${'1'.repeat(64)}`,
  since: '2025-12-01T00:00:00.000Z',
  evidence: [],
};

/** Version 0.2.0 of which nothing is known, in a first environment without gates. */
export const gateInput = (
  overrides: Partial<Omit<GateInput, 'environment'>> & {
    environment?: Partial<EnvironmentSpec>;
    gates?: GateRule[];
  },
): GateInput => {
  const { environment, gates = [], ...rest } = overrides;
  return {
    version: {
      version: '0.2.0',
      status: 'registered',
      reasons: [],
      metrics: [],
      hasCard: false,
      runId: 'run-2',
      commit: 'c'.repeat(40),
      digest: `sha256:${'2'.repeat(64)}`,
      createdAt: '2025-12-31T00:00:00.000Z',
    },
    registry: 'local',
    evidence: [],
    live: null,
    deploysWith: {
      title: 'This machine',
      splitsTraffic: true,
      runsBatchJobs: true,
    },
    predecessor: null,
    freeze: null,
    now: '2026-01-01T00:00:00.000Z',
    ...rest,
    environment: {
      name: 'production',
      deploy: 'manual',
      target: { provider: 'local' },
      gates,
      ...environment,
    },
  };
};

/** How 0.2.0 stands in staging, from when it was live there until when. */
export const predecessor = ({
  from,
  to = null,
}: {
  from: string | null;
  to?: string | null;
}): Predecessor => {
  const was = to === null ? ('live' as const) : ('was-live' as const);
  return {
    environment: 'staging',
    standing: from === null ? 'never' : was,
    from,
    to,
  };
};

export const evaluation = (
  overrides: Partial<EvidenceOf<'evaluation'>> = {},
): EvidenceOf<'evaluation'> => ({
  kind: 'evaluation',
  status: 'pass',
  summary: '',
  at: '2025-12-31T12:00:00.000Z',
  runId: 'run-3',
  decision: 'promote',
  reasons: [],
  holdoutDigest: null,
  baseline: {
    kind: 'champion',
    version: live.version,
    digest: live.digest,
    reason: null,
  },
  overall: [],
  slices: [],
  ...overrides,
});

export const performance = (
  overrides: Partial<EvidenceOf<'performance'>> = {},
): EvidenceOf<'performance'> => ({
  kind: 'performance',
  status: 'pass',
  summary: 'p50 of 3 ms',
  at: '2025-12-31T13:00:00.000Z',
  runId: 'run-4',
  valid: true,
  latencyMs: null,
  p50Ratio: 1,
  aaP50Ratio: 1,
  baselineVersion: live.version,
  throughputRps: null,
  rssMb: null,
  artifactMb: null,
  coldStartMs: null,
  ...overrides,
});
