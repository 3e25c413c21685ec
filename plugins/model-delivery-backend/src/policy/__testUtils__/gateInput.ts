import type {
  EnvironmentSpec,
  GateRule,
} from '@slipway/plugin-model-delivery-common/schema';
import type { GateInput, Predecessor } from '../gateInput';

export const live = {
  version: '0.1.0',
  digest: `sha256:${'1'.repeat(64)}`,
  since: '2025-12-01T00:00:00.000Z',
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
      createdAt: '2025-12-31T00:00:00.000Z',
    },
    registry: 'local',
    evidence: [],
    live: null,
    deploysWith: { title: 'This machine', splitsTraffic: true },
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
