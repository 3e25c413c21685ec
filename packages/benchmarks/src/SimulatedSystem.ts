import {
  type ModelTarget,
  type PageRequest,
  ProviderError,
  type ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import {
  FakeSystem,
  fakeVersion,
  unitTests,
} from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';

const MINUTE_MS = 60_000;
/** Longer than a run stays on the first page, so that its end is only told when it is asked for. */
const RUN_MS = 2.5 * MINUTE_MS;
const PAGE = 2;

/** Which calls belong to which capability; what both ask of is counted for the first. */
export const CALLS = {
  pipelines: ['listRuns', 'getRun', 'getJobs', 'getEvidence'],
  versions: ['listVersions', 'getVersion', 'mark'],
  deployments: ['getState', 'deploy', 'getProgress'],
  monitors: ['read', 'readPast'],
} as const;
export type Capability = keyof typeof CALLS;

/**
 * An outside system of all capabilities by a simulated clock: a version and a run a minute, for all
 * models alike. A share of all calls fails by chance.
 */
export class SimulatedSystem extends FakeSystem {
  readonly #now: () => Date;
  readonly #chance: () => number;
  /** Of the calls that fail, 0 to 1. */
  share = 0;
  readonly asked = new Map<Capability, { calls: number; failed: number }>();
  readonly #beganMs: number;
  /** When the last run began; nothing new comes after it. */
  #endedMs = Infinity;

  constructor(now: () => Date, chance: () => number) {
    super();
    this.#now = now;
    this.#chance = chance;
    this.#beganMs = now().getTime();
    this.onDeploy = () => ({
      phase: 'live',
      message: 'Answers.',
      at: now().toISOString(),
    });
    this.addVersion();
  }

  addVersion(): void {
    const version = fakeVersion(this.versions.length + 1);
    this.versions = [...this.versions, version];
    this.evidence.set(version.version, [unitTests()]);
  }

  /** Nothing begins any more; what is under way ends in its time. */
  end(): void {
    this.#endedMs = this.#now().getTime();
  }

  /** All that began so far, the newest first. */
  runsSoFar(): ProviderRun[] {
    const nowMs = this.#now().getTime();
    const lastMs = Math.min(nowMs, this.#endedMs);
    const count = Math.floor((lastMs - this.#beganMs) / MINUTE_MS) + 1;
    return Array.from({ length: count }, (_, n) =>
      runOf(n, this.#beganMs + n * MINUTE_MS, nowMs),
    ).reverse();
  }

  override async listRuns(_model?: ModelTarget, page?: PageRequest) {
    const runs = this.runsSoFar();
    const from = Number(page?.cursor ?? 0);
    const to = from + PAGE;
    return {
      items: runs.slice(from, to),
      ...(to < runs.length && { nextCursor: String(to) }),
    };
  }

  async getRun(_model: ModelTarget, id: string): Promise<ProviderRun> {
    const found = this.runsSoFar().find(run => run.id === id);
    if (!found) throw new ProviderError('not-found', `There is no ${id}.`);
    return found;
  }

  override async read() {
    return readingAt(this.#now().getTime());
  }

  async readPast(
    _target: unknown,
    range: { from: string; to: string; stepSeconds: number },
  ) {
    const past = [];
    const toMs = Date.parse(range.to);
    for (
      let ms = Date.parse(range.from);
      ms < toMs;
      ms += range.stepSeconds * 1000
    ) {
      past.push(readingAt(ms));
    }
    return past;
  }

  /** Itself, with each call counted and some of them failing. */
  faulty(): this {
    const capabilities = Object.entries(CALLS) as [
      Capability,
      readonly string[],
    ][];
    return new Proxy(this, {
      get: (system, name) => {
        const value = Reflect.get(system, name, system);
        if (typeof value !== 'function') return value;
        const call = value.bind(system);
        const found = capabilities.find(([, names]) =>
          names.includes(String(name)),
        );
        return found
          ? async (...args: unknown[]) => {
              this.#count(found[0]);
              return call(...args);
            }
          : call;
      },
    });
  }

  #count(capability: Capability): void {
    const asked = this.asked.get(capability) ?? { calls: 0, failed: 0 };
    this.asked.set(capability, asked);
    asked.calls += 1;
    if (this.#chance() >= this.share) return;
    asked.failed += 1;
    throw new ProviderError('unavailable', 'It failed by chance.');
  }
}

function runOf(n: number, beganMs: number, nowMs: number): ProviderRun {
  const endsMs = beganMs + RUN_MS;
  const ended = nowMs >= endsMs;
  const began = new Date(beganMs).toISOString();
  return {
    id: `run-${n + 1}`,
    number: n + 1,
    attempt: 1,
    kind: 'training',
    status: ended ? 'passed' : 'running',
    reason: null,
    branch: 'main',
    commit: null,
    commitMessage: null,
    author: null,
    trigger: 'push',
    createdAt: began,
    startedAt: began,
    finishedAt: ended ? new Date(endsMs).toISOString() : null,
    jobsDone: ended ? 1 : 0,
    jobsTotal: 1,
    version: null,
    url: null,
  };
}

function readingAt(ms: number) {
  return {
    at: new Date(ms).toISOString(),
    value: 0.04,
    insufficient: false,
    reason: null,
    parts: [],
    version: null,
  };
}
