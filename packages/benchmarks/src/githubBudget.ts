import { Octokit } from '@octokit/core';
import type {
  ModelSpec,
  Run,
} from '@slipway/plugin-model-delivery-common/schema';
import { EnvironmentSyncer } from '../../../plugins/model-delivery-backend/src/sync/EnvironmentSyncer';
import { RunSyncer } from '../../../plugins/model-delivery-backend/src/sync/RunSyncer';
import type { Syncer } from '../../../plugins/model-delivery-backend/src/sync/Syncer';
import { createInstance } from '../../../plugins/model-delivery-backend-module-github/src/createInstance';
import {
  readWebhook,
  type Webhook,
} from '../../../plugins/model-delivery-backend-module-github/src/webhooks/readWebhook';
import { LIMIT, SimulatedGithub } from './simulatedGithub';
import { quantile } from './statistics.mjs';
import { Timeline } from './Timeline';

/**
 * What following models on GitHub costs of the hourly limit: the module and the backend's own
 * syncers, against a simulated GitHub and by a simulated clock.
 */

const quick = process.argv.includes('--quick');
const SIZES = quick ? [20] : [100, 1_000, 5_000];
/** The share of the models whose pipeline runs in an hour. */
const ACTIVITY = { quiet: 0.01, busy: 0.1 };
const HOUR = 3_600_000;
const API = 'https://api.github.com';

interface Figures {
  counted: number;
  unchanged: number;
  refused: number;
  /** Seconds from the end of a run until it was known. */
  delays: number[];
}

async function simulate(
  models: number,
  activity: keyof typeof ACTIVITY,
  webhooks: boolean,
): Promise<Figures> {
  const timeline = new Timeline(Date.UTC(2026, 0, 1));
  const now = () => timeline.now;
  const github = new SimulatedGithub(now, models);
  const figures: Figures = {
    counted: 0,
    unchanged: 0,
    refused: 0,
    delays: [],
  };
  const begin = now();
  const measured = begin + 2 * HOUR;
  const endsAt = new Map<string, number>();

  const rows = new Map<string, { dueAt: (at: number) => void }>();
  const instance = createInstance(
    {
      id: 'github',
      title: 'GitHub',
      host: 'github.com',
      apiBaseUrl: API,
      integration: { host: 'github.com' },
    },
    { artifact: 'reports', downloadHosts: [] },
    ({ subject, what }) => {
      const capability = what === 'runs' ? 'pipelines' : 'deployments';
      rows.get(`${capability} ${subject}`)?.dueAt(now());
    },
    {
      fetch: github.fetch,
      downloads: undefined as never,
      credentials: {
        of: async () => ({ key: 'simulated', token: 'x' }),
        owners: async () => null,
      },
      // Without the queues of the real one, which wait by the real clock.
      octokitOf: () => new Octokit({ baseUrl: API }),
      now,
      later: (ms, act) => timeline.at(now() + ms, act),
      followSeconds: 5,
    },
  );
  const stores = memoryStores((entityRef, run) => {
    const ended = endsAt.get(`${entityRef} ${run.id}`);
    if (ended === undefined || run.status !== 'passed') return;
    endsAt.delete(`${entityRef} ${run.id}`);
    if (now() >= measured) figures.delays.push((now() - ended) / 1000);
  });
  const registry: any = {
    get: (capability: string) =>
      capability === 'pipelines' ? instance.pipelines : instance.deployments,
  };
  const syncers: Record<string, Syncer> = {
    pipelines: new RunSyncer(stores, registry, () => new Date(now())),
    deployments: new EnvironmentSyncer(stores, registry, () => new Date(now())),
  };

  const follow = (m: number, capability: string) => {
    let cancel = () => {};
    const spec = specOf(m);
    function dueAt(at: number): void {
      cancel();
      cancel = timeline.at(at, look);
    }
    async function look(): Promise<void> {
      const again = await syncers[capability]
        .sync(spec, 'github', { signal: new AbortController().signal })
        .then(
          ({ againInSeconds }) => againInSeconds,
          error => {
            if (error.kind !== 'rate-limited') throw error;
            if (now() >= measured) figures.refused += 1;
            return error.retryAfter;
          },
        );
      dueAt(now() + again * 1000);
    }
    rows.set(`${capability} github.com/acme/model-${m}`, { dueAt });
    // The first looks are spread, as a portal grows.
    dueAt(begin + (m / models) * HOUR);
  };
  for (let m = 0; m < models; m++) {
    follow(m, 'pipelines');
    follow(m, 'deployments');
  }

  const deliver = (at: number, event: string, body: object) => {
    if (!webhooks) return;
    timeline.at(at, () => {
      instance.listener.hear(readWebhook(event as Webhook, body)!.hint);
    });
  };
  const everyMs = HOUR / (models * ACTIVITY[activity]);
  for (let at = begin + HOUR, n = 0; at < measured + HOUR; at += everyMs, n++) {
    const m = (n * 37) % models;
    timeline.at(at, () => {
      const run = github.begin(`acme/model-${m}`, deliver);
      endsAt.set(`${specOf(m).entityRef} ${run.id}`, run.endsAt);
    });
  }
  // A portal that hears of other repositories knows that webhooks come.
  deliver(begin, 'push', {
    repository: {
      full_name: 'acme/other',
      html_url: 'https://github.com/acme/other',
    },
  });

  await timeline.until(begin + HOUR);
  github.limited = true;
  await timeline.until(measured);
  const before = { counted: github.counted, unchanged: github.unchanged };
  await timeline.until(measured + HOUR);
  figures.counted = github.counted - before.counted;
  figures.unchanged = github.unchanged - before.unchanged;
  instance.stop();
  return figures;
}

function specOf(m: number): ModelSpec {
  return {
    entityRef: `mlmodel:default/model-${m}`,
    namespace: 'default',
    name: `model-${m}`,
    annotations: { 'github.com/project-slug': `acme/model-${m}` },
    pipelines: [{ provider: 'github', workflow: 'model.yaml' }],
    environments: [
      {
        name: 'production',
        target: { provider: 'github', workflow: 'deploy.yaml' },
      },
    ],
  } as unknown as ModelSpec;
}

/** What the syncers keep, without a database. */
function memoryStores(onRun: (entityRef: string, run: Run) => void): any {
  const runs = new Map<string, Map<string, Run>>();
  const of = (ref: string) => runs.get(ref) ?? new Map<string, Run>();
  const isOpen = ({ status }: Run) =>
    ['queued', 'running', 'waiting'].includes(status);
  return {
    models: { setRepository: async () => undefined },
    versions: { putEvidence: async () => undefined },
    live: { putState: async () => false },
    // What does not hold would show as a source that is read in part, and there is none.
    unread: { list: async () => [] },
    runs: {
      find: async (ref: string) => of(ref),
      open: async (
        ref: string,
        _provider: string,
        { except, limit }: { except: string[]; limit: number },
      ) =>
        [...of(ref).values()]
          .filter(run => isOpen(run) && !except.includes(run.id))
          .slice(0, limit)
          .map(run => ({ run, jobs: [], pipeline: null, lookedAt: null })),
      markLooked: async () => undefined,
      left: async () => undefined,
      setLeft: async () => undefined,
      upsert: async (ref: string, run: Run) => {
        runs.set(ref, of(ref).set(run.id, run));
        onRun(ref, run);
      },
    },
  };
}

async function main() {
  const table = [];
  let held = true;
  for (const webhooks of [true, false]) {
    for (const activity of ['quiet', 'busy'] as const) {
      for (const models of SIZES) {
        const f = await simulate(models, activity, webhooks);
        const seconds = (q: number) => `${Math.round(quantile(f.delays, q))} s`;
        table.push({
          models,
          hour: `${activity}, ${models * ACTIVITY[activity]} runs`,
          webhooks: webhooks ? 'yes' : 'no',
          'that count': f.counted,
          'unchanged, free': f.unchanged,
          refused: f.refused,
          'end of a run known after (p50)': seconds(0.5),
          '(p95)': seconds(0.95),
        });
        held &&= f.refused === 0 && f.counted < LIMIT;
      }
    }
  }
  console.log(`Requests an hour; at most ${LIMIT} may count.`);
  console.table(table);
  process.exitCode = held ? 0 : 1;
}

void main();
