import type {
  EnvironmentSpec,
  Evidence,
  Metric,
} from '@slipway/plugin-model-delivery-common/schema';

/** How a version stands in the environment that comes before in the promotion order. */
export interface Predecessor {
  environment: string;
  standing: 'live' | 'was-live' | 'rolled-back' | 'never';
  /** When it last became live there; null where it never did. RFC 3339, UTC. */
  from: string | null;
  /** When it stopped being live there; null where it is, or never was. RFC 3339, UTC. */
  to: string | null;
}

/** The freeze windows of an environment at the moment of an evaluation. */
export interface Freeze {
  /** The freeze that holds now, and when it ends (RFC 3339, UTC); null where none does. */
  current: { until: string; reason: string } | null;
  /** When the next window begins; null where none will. RFC 3339, UTC. */
  nextAt: string | null;
  /** Why the windows cannot be worked out, in a sentence. */
  problem: string | null;
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
    commit: string | null;
    digest: string | null;
    /** RFC 3339, UTC. */
    createdAt: string;
  };
  /** Id of the provider of the version; null where the entity names none any more. */
  registry: string | null;
  evidence: Evidence[];
  /** The provider that deploys there; null where none is installed. */
  deploysWith: {
    title: string;
    splitsTraffic: boolean;
    runsBatchJobs: boolean;
  } | null;
  /** The version that is live in the environment now. */
  live: {
    version: string;
    digest: string | null;
    /** RFC 3339, UTC. */
    since: string;
    evidence: Evidence[];
  } | null;
  /** Null where the environment comes first. */
  predecessor: Predecessor | null;
  /** Null where the environment declares no window. */
  freeze: Freeze | null;
  /** RFC 3339, UTC. */
  now: string;
}
