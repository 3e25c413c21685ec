import { Readable } from 'node:stream';
import type { Entity } from '@backstage/catalog-model';
import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import type {
  AskingRun,
  Candidate,
  DeploymentProvider,
  DeployProgress,
  EnvironmentState,
  EnvironmentTarget,
  ModelTarget,
  MonitorProvider,
  PipelineProvider,
  ProviderContext,
  ProviderRun,
  ProviderVersion,
  RunAnswer,
  TargetIdentity,
  TrafficComparison,
  TrafficSplit,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { StoredVersion } from '../database/VersionStore';

/** A model with staging (automatic) and production (gated), all from the provider `fake`. */
export const modelEntity = (name = 'penguin-species'): Entity => ({
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name, namespace: 'default', description: 'Tells a species' },
  spec: {
    type: 'classification',
    framework: 'scikit-learn',
    lifecycle: 'production',
    owner: 'group:default/ml-platform',
    pipelines: [{ provider: 'fake', repository: name }],
    versions: { provider: 'fake', name },
    environments: [
      {
        name: 'staging',
        deploy: 'automatic',
        target: { provider: 'fake' },
        gates: [{ tests: ['unit'] }],
      },
      {
        name: 'production',
        after: 'staging',
        target: { provider: 'fake' },
        gates: [
          { metric: 'accuracy', min: 0.92 },
          { metric: 'accuracy', noWorseThanLiveBy: 0.03 },
        ],
      },
    ],
    monitors: [
      {
        name: 'latency-p95',
        signal: 'latency',
        environment: 'production',
        source: { provider: 'fake' },
        critical: { above: 0.5 },
      },
    ],
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/ml-platform' }],
});

const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

export function fakeVersion(
  n: number,
  overrides: Partial<StoredVersion> = {},
): StoredVersion {
  return {
    version: `0.${n}.0`,
    status: 'registered',
    reasons: [],
    commit: String(n).repeat(40).slice(0, 40),
    commitMessage: `Change ${n}`,
    author: 'Ada',
    createdAt: at(n),
    committedAt: null,
    digest: `sha256:${String(n).padStart(64, '0')}`,
    artifactUri: null,
    datasetDigest: null,
    datasetName: null,
    datasetRows: null,
    sizeBytes: 1000,
    metrics: [
      {
        name: 'accuracy',
        value: 0.95,
        unit: null,
        direction: 'max',
        ci: [0.93, 0.97],
        n: 138,
        split: 'holdout',
      },
    ],
    params: {},
    aliases: [],
    runId: `run-${n}`,
    hasCard: true,
    url: null,
    ...overrides,
  };
}

export function unitTests(status: 'pass' | 'fail' = 'pass'): Evidence {
  return {
    kind: 'tests',
    suite: 'unit',
    status,
    summary: '',
    at: at(0),
    runId: null,
    passed: 10,
    failed: status === 'pass' ? 0 : 2,
    skipped: 0,
    seconds: 1,
    failures: [],
  };
}

export function comparedWith(
  baseline: ProviderVersion,
  pairedCi: [number, number] = [-0.01, 0.01],
): Evidence {
  return {
    kind: 'evaluation',
    status: 'pass',
    summary: '',
    at: at(0),
    runId: null,
    decision: 'promote',
    reasons: [],
    holdoutDigest: null,
    baseline: {
      kind: 'champion',
      version: baseline.version,
      digest: baseline.digest,
      reason: null,
    },
    overall: [
      {
        metric: 'accuracy',
        direction: 'max',
        candidate: 0.95,
        baseline: 0.95,
        delta: (pairedCi[0] + pairedCi[1]) / 2,
        pairedCi,
        n: 138,
      },
    ],
    slices: [],
  };
}

const TRAFFIC = {
  requests: 200,
  errors: 0,
  p95Ms: 20,
  p95RangeMs: null,
  predictions: {},
};

/** One outside system of all capabilities, held in memory; tests turn its knobs. */
export class FakeSystem
  implements
    PipelineProvider,
    VersionProvider,
    DeploymentProvider,
    MonitorProvider
{
  readonly id = 'fake';
  readonly title = 'Fake system';
  runs: ProviderRun[] = [];
  versions: ProviderVersion[] = [];
  evidence = new Map<string, Evidence[]>();
  /** Ids in the order in which they were dispatched. */
  dispatched: string[] = [];
  progress = new Map<string, DeployProgress>();
  /** What a dispatched deployment does at once. */
  onDeploy: () => DeployProgress = () => ({
    phase: 'live',
    message: 'Answers.',
    at: at(59),
  });
  marks: string[] = [];
  /** Ids of the deployments that were cancelled here. */
  cancelled: string[] = [];
  failing: Error | undefined;
  /** Whether a cancelled deployment has ended when `cancel` answers. */
  endsAtOnce = true;
  reads = 0;
  /** What a rule must grant before a model may use a target. */
  names: (target: EnvironmentTarget) => TargetIdentity['names'] = () => ({});

  /** Who wrote commits; left out, it cannot tell. */
  authors?: PipelineProvider['authors'];

  /** What `propose` was asked for. */
  proposed: { path: string; content: string }[] = [];
  tested: Error | undefined;

  subjectOf({ target }: ModelTarget) {
    return String(target.name ?? target.repository ?? '') || null;
  }
  async test() {
    if (this.tested) throw this.tested;
    return 'It answers.';
  }
  async candidates(search: string): Promise<Candidate[]> {
    return ['churn', 'penguins']
      .filter(name => name.includes(search))
      .map(name => ({
        target: { provider: this.id, name, repository: name },
        title: name,
        description: null,
        url: null,
        suggests: { name },
      }));
  }
  async findFiles() {
    return [];
  }
  async propose(_model: unknown, request: { path: string; content: string }) {
    this.proposed.push(request);
    return { url: 'https://example.com/pull/1' };
  }
  async suggest(model: { environment: string }) {
    return [
      {
        monitor: {
          name: 'latency-p95',
          signal: 'latency' as const,
          environment: model.environment,
          source: { provider: this.id },
        },
        hasData: true,
      },
    ];
  }

  #check() {
    this.reads += 1;
    if (this.failing) throw this.failing;
  }

  async listRuns() {
    this.#check();
    return { items: this.runs };
  }
  async getJobs() {
    return [];
  }
  async getEvidence(_model: unknown, id: string) {
    return this.evidence.get(id) ?? [];
  }
  async readLog() {
    return { lines: [], next: 0, ended: true, truncated: false };
  }
  async trigger() {
    return { runId: 'run-99' };
  }
  async rerun() {
    return { runId: 'run-99' };
  }
  async listVersions() {
    this.#check();
    return { items: [...this.versions].reverse() };
  }
  async getVersion() {
    return this.versions[0];
  }
  async getCard() {
    return '# Card';
  }
  async getSignature() {
    return null;
  }
  async openBundle() {
    return { stream: Readable.from([]), sizeBytes: 0 };
  }
  async hasBundle() {
    return true;
  }
  async mark(_model: unknown, request: { version: string; alias: string }) {
    this.marks.push(`${request.alias}=${request.version}`);
  }
  identify(target: EnvironmentTarget): TargetIdentity {
    const place = `${target.target.place ?? target.name}/${target.environment}`;
    return { key: `fake:${place}`, names: this.names(target) };
  }
  async getState(): Promise<EnvironmentState> {
    return { live: null, status: 'ready', message: null, endpoint: null };
  }
  async deploy(
    _target: unknown,
    request: { deploymentId: string; runId?: string },
  ) {
    this.dispatched.push(request.deploymentId);
    if (request.runId) this.carriedBy.set(request.deploymentId, request.runId);
    this.progress.set(request.deploymentId, this.onDeploy());
  }
  /** By deployment, the run that was given to carry it out. */
  carriedBy = new Map<string, string>();
  /** Runs that ask whether they may deploy. */
  asking = new Map<string, AskingRun>();
  answers: (RunAnswer & { runId: string })[] = [];
  async getAskingRun(_target: unknown, runId: string) {
    this.#check();
    const run = this.asking.get(runId);
    if (!run) throw new ProviderError('not-found', `There is no run ${runId}.`);
    return run;
  }
  async answerRun(_target: unknown, runId: string, answer: RunAnswer) {
    if (this.failing) throw this.failing;
    this.answers.push({ runId, ...answer });
  }

  /** What was asked of the traffic: deployment, weight and mirror. */
  splits: [id: string, split: TrafficSplit][] = [];
  /** What the candidate and the live version answered. */
  traffic: () => TrafficComparison = () => ({
    candidate: TRAFFIC,
    live: TRAFFIC,
    agreement: null,
  });

  async setTraffic(_target: unknown, id: string, split: TrafficSplit) {
    this.splits.push([id, split]);
    this.progress.set(
      id,
      split.weight === 100
        ? { phase: 'live', message: 'Answers.', at: at(59) }
        : {
            phase: 'rolling-out',
            message: 'The candidate is ready.',
            weight: split.weight,
          },
    );
  }
  async getTraffic(_target: unknown, _id: string, _between: unknown) {
    return this.traffic();
  }
  async getProgress(
    _target: unknown,
    id: string,
    _context?: ProviderContext,
  ): Promise<DeployProgress> {
    return this.progress.get(id) ?? { phase: 'unknown' };
  }
  async cancel(_target: unknown, id: string): Promise<void> {
    if (this.failing) throw this.failing;
    this.cancelled.push(id);
    const { phase } = this.progress.get(id) ?? { phase: 'unknown' };
    if (this.endsAtOnce && phase !== 'live') {
      this.progress.set(id, { phase: 'failed', message: 'Cancelled.' });
    }
  }
  async read() {
    return {
      at: new Date().toISOString(),
      value: 0.04,
      insufficient: false,
      reason: null,
      parts: [],
      version: null,
    };
  }
}
