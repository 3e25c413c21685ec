import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import {
  type Allowance,
  Budgets,
  Downloads,
  Pace,
} from '@slipway/plugin-model-delivery-node/http';
import { Hints } from '@slipway/plugin-model-delivery-node/webhooks';
import type { Octokit } from '@octokit/core';
import type { Dispatcher } from 'undici';
import type { Fetch } from './client/boundedFetch';
import { Connection } from './client/Connection';
import type { Credentials } from './client/credentials';
import { GithubClient } from './client/GithubClient';
import { AuthorReader } from './commits/AuthorReader';
import { CONFIG_KEY, type GithubInstance } from './config';
import { GithubDeploymentProvider } from './deployments/GithubDeploymentProvider';
import { Records } from './deployments/Records';
import { EvidenceReader } from './evidence/EvidenceReader';
import { LogReader } from './logs/LogReader';
import { createCancelRun } from './pipelines/cancelRun';
import { GithubPipelineProvider } from './pipelines/GithubPipelineProvider';
import { RunReader } from './pipelines/RunReader';
import { Protection } from './protection/Protection';
import type { GithubParts } from './GithubParts';
import { Candidates } from './repositories/Candidates';
import { Proposals } from './repositories/Proposals';
import type { ProtectedHost } from './protection/readProtection';
import type { WebhookListener } from './webhooks/subscribe';
import { Workflows } from './workflows/Workflows';

/** Of an App's installation; GitHub minds requests that cost nothing too. */
const ALLOWANCE: Allowance = {
  usual: 5_000,
  periodSeconds: 3_600,
  mostAnHour: 30_000,
};

/** What reaches out of this process, and its clock. */
export interface Outside {
  fetch: Fetch;
  downloads: Dispatcher;
  credentials: Credentials;
  octokitOf: (credential: string) => Octokit;
  now: () => number;
  later: (ms: number, act: () => void) => () => void;
  /** How long what was seen of a deployment under way is taken for what is. */
  followSeconds: number;
}

export interface RunningInstance {
  pipelines: GithubPipelineProvider;
  deployments: GithubDeploymentProvider;
  listener: WebhookListener;
  /** What tells a question of this host from others. */
  protected: ProtectedHost;
  stop(): void;
}

/** Everything that follows one host, put together. */
export function createInstance(
  instance: GithubInstance,
  settings: { artifact: string; downloadHosts: string[] },
  report: (change: ProviderChange) => void,
  outside: Outside,
): RunningInstance {
  const { title, host, id } = instance;
  const { now, later, credentials } = outside;
  const budgets = new Budgets(title, now, 'hour');
  const pace = new Pace({
    budget: () => budgets.scarcest,
    allowance: ALLOWANCE,
    now,
  });
  const client = new GithubClient({
    title,
    host,
    credentials,
    octokitOf: outside.octokitOf,
    fetch: outside.fetch,
    budgets,
    onAnswer: counted => pace.answered(counted),
    now,
  });
  const downloads = new Downloads(
    title,
    {
      hosts: settings.downloadHosts,
      key: `${CONFIG_KEY}.downloadHosts`,
    },
    outside.downloads,
  );
  const runs = new RunReader(client, host, (subject, busy) =>
    pace.looked(subject, busy),
  );
  const workflows = new Workflows(client);
  const records = new Records(client);
  const parts: GithubParts = {
    instance,
    client,
    budgets,
    pace,
    runs,
    evidence: new EvidenceReader({
      client,
      downloads,
      runs,
      artifact: settings.artifact,
      now,
    }),
    logs: new LogReader(client, downloads),
    workflows,
    records,
    protection: new Protection({ client, records, runs, now }),
    proposals: new Proposals(client, workflows),
    candidates: new Candidates(id, client, credentials),
    authors: new AuthorReader(client),
    connection: new Connection(title, client, credentials),
    cancelRun: createCancelRun(client, runs),
    followSeconds: outside.followSeconds,
  };
  const hints = new Hints({
    provider: id,
    report,
    spacingSeconds: () => pace.spacingSeconds(),
    now,
    later,
  });
  return {
    pipelines: new GithubPipelineProvider(parts),
    deployments: new GithubDeploymentProvider(parts),
    listener: {
      host,
      hear(hint) {
        pace.heardOf();
        hints.take(hint);
      },
    },
    protected: { id, host, apiBaseUrl: instance.apiBaseUrl },
    stop: () => hints.stop(),
  };
}
