import type {
  EnvironmentSpec,
  Evidence,
  Metric,
} from '@slipway/plugin-model-delivery-common/schema';

/** How a version stands in the environment that comes before in the promotion order. */
export interface Predecessor {
  environment: string;
  standing: 'live' | 'was-live' | 'rolled-back' | 'never';
}

/** All that an evaluation of gates looks at. */
export interface GateInput {
  environment: EnvironmentSpec;
  version: {
    version: string;
    status: 'registered' | 'rejected';
    reasons: string[];
    metrics: Metric[];
    hasCard: boolean;
    runId: string | null;
  };
  evidence: Evidence[];
  /** The version that is live in the environment now. */
  live: { version: string; digest: string | null } | null;
  /** Null where the environment comes first. */
  predecessor: Predecessor | null;
  /** RFC 3339, UTC. */
  now: string;
}
