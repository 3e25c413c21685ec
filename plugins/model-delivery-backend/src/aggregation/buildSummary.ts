import type {
  Deployment,
  EnvironmentDetail,
  EnvironmentHold,
  EnvironmentSpec,
  EnvironmentSummary,
  Evidence,
  LiveVersion,
  Monitor,
  Run,
} from '@slipway/plugin-model-delivery-common/schema';
import { freezeAt } from '../calendar/freezeAt';
import type { Interval } from '../database/LiveStore';
import type { StoredModel } from '../database/ModelStore';
import type { StoredSummary } from '../database/fleetRows';
import type { StoredDetail } from '../database/SummaryStore';
import type { StoredVersion } from '../database/VersionStore';
import { candidateFor, liveVersions } from '../policy/candidate';
import { changesAt, earliest } from '../policy/changesAt';
import type { GateInput } from '../policy/gateInput';
import { changedOutside, type StateRead } from '../policy/changedOutside';
import { evaluateGates } from '../policy/gates';
import { attentionOf, countMonitors, healthOf } from '../policy/health';
import { judgeReading } from '../policy/monitors';
import { predecessorOf } from '../policy/order';

/** All that a model's row and page are made of. */
export interface SummaryInput {
  model: StoredModel;
  latestRun: Run | undefined;
  newest: StoredVersion | undefined;
  live: Map<string, Interval>;
  previous: Map<string, Interval>;
  open: Deployment[];
  waiting: Deployment[];
  lastDelivery: Deployment | undefined;
  monitors: Map<string, Monitor>;
  states: Map<string, StateRead>;
  holds: Map<string, EnvironmentHold>;
  /** By environment, as `GateInput` has it. */
  deploysWith: Map<string, GateInput['deploysWith']>;
  /** The newest version and those that are live. */
  versions: Map<string, StoredVersion>;
  evidence: Map<string, Evidence[]>;
  stale: boolean;
  now: string;
}

/** Makes the row of the fleet and the top of the page, from the same facts. Pure. */
export function buildSummary(input: SummaryInput): {
  row: StoredSummary;
  detail: StoredDetail;
  /** When it is to be built again although no fact changed; null where it need not. */
  changesAt: string | null;
} {
  const { spec, changeKey, repository } = input.model;
  const monitors = spec.monitors.map(
    m => input.monitors.get(m.name) ?? judgeReading(m, null, undefined),
  );
  const candidates = spec.environments.map(environment =>
    candidateInput(environment, input),
  );
  const environments = spec.environments.map((environment, index) =>
    buildEnvironment(environment, candidates[index], monitors, input),
  );
  const common = {
    entityRef: spec.entityRef,
    kind: spec.kind,
    namespace: spec.namespace,
    name: spec.name,
    title: spec.title ?? spec.name,
    description: spec.description,
    owner: spec.owner,
    system: spec.system,
    type: spec.type,
    framework: spec.framework,
    lifecycle: spec.lifecycle,
    tags: spec.tags,
    latestVersion: input.newest
      ? {
          version: input.newest.version,
          status: input.newest.status,
          createdAt: input.newest.createdAt,
          reasons: input.newest.reasons,
        }
      : null,
    latestRun: input.latestRun ?? null,
    lastDelivery: input.lastDelivery ?? null,
    monitorCounts: countMonitors(monitors),
    attention: attentionOf({
      monitors,
      blocked: input.lastDelivery?.state === 'blocked',
      stale: input.stale,
      owner: spec.owner,
    }),
    updatedAt: input.now,
  };
  return {
    row: { ...common, environments: environments.map(summaryOf) },
    detail: {
      ...common,
      environments,
      monitors,
      primaryMetric: primaryMetric(input),
      repository,
      problem: input.model.problem,
      changeKey,
    },
    changesAt: earliest(candidates.map(c => c && changesAt(c))),
  };
}

function buildEnvironment(
  environment: EnvironmentSpec,
  candidate: GateInput | null,
  allMonitors: Monitor[],
  input: SummaryInput,
): EnvironmentDetail {
  const interval = input.live.get(environment.name);
  const monitors = allMonitors.filter(m => m.environment === environment.name);
  const previous = input.previous.get(environment.name);
  const state = input.states.get(environment.name);
  return {
    name: environment.name,
    spec: environment,
    live: interval
      ? toLive(interval, input.versions.get(interval.version))
      : null,
    candidate: candidate?.version.version ?? null,
    openDeployment:
      input.open.find(d => d.environment === environment.name) ?? null,
    waitingDeployment:
      input.waiting.find(d => d.environment === environment.name) ?? null,
    health: healthOf(monitors, interval !== undefined),
    previous: previous?.to
      ? { version: previous.version, from: previous.from, to: previous.to }
      : null,
    changedOutside: changedOutside(
      interval,
      state,
      input.open.some(d => d.environment === environment.name),
    ),
    hold: input.holds.get(environment.name) ?? null,
    endpoint: state?.endpoint ?? null,
    serving: state ? { status: state.status, message: state.message } : null,
    batch: state?.batch ?? null,
    candidateGates: candidate && evaluateGates(candidate),
    monitors,
  };
}

/** The facts by which the candidate of an environment is judged; null where there is none. */
function candidateInput(
  environment: EnvironmentSpec,
  input: SummaryInput,
): GateInput | null {
  const candidate = candidateFor(
    environment,
    liveVersions(input.live, input.versions),
    input.newest,
  );
  if (!candidate) return null;
  const { name, after, freeze } = environment;
  const interval = input.live.get(name);
  return {
    environment,
    version: candidate,
    evidence: input.evidence.get(candidate.version) ?? [],
    live: interval
      ? {
          version: interval.version,
          digest: interval.digest,
          since: interval.from,
          evidence: input.evidence.get(interval.version) ?? [],
        }
      : null,
    deploysWith: input.deploysWith.get(name) ?? null,
    registry: input.model.spec.versions?.provider ?? null,
    // A candidate is the version that is live in the environment before.
    predecessor: after ? predecessorOf(after, input.live.get(after)) : null,
    freeze: freezeAt(freeze ?? [], new Date(input.now)),
    now: input.now,
  };
}

function summaryOf(e: EnvironmentDetail): EnvironmentSummary {
  const { name, live, candidate, openDeployment, health } = e;
  return { name, live, candidate, openDeployment, health };
}

function toLive(
  interval: Interval,
  version: StoredVersion | undefined,
): LiveVersion {
  return {
    version: interval.version,
    since: interval.from,
    by: interval.by,
    automatic: interval.automatic,
    deploymentId: interval.deploymentId,
    commit: version?.commit ?? null,
    digest: interval.digest,
    reason: interval.reason,
  };
}

/** The metric that gates speak of first, or else the first that was measured. */
function primaryMetric(input: SummaryInput): string | null {
  for (const environment of input.model.spec.environments) {
    for (const gate of environment.gates) {
      if ('metric' in gate) return gate.metric;
    }
  }
  return input.newest?.metrics[0]?.name ?? null;
}
