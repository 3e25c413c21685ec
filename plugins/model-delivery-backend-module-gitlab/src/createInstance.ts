import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import {
  type Allowance,
  type BoundedRequest,
  Budgets,
  Downloads,
  Pace,
} from '@slipway/plugin-model-delivery-node/http';
import { Hints } from '@slipway/plugin-model-delivery-node/webhooks';
import type { Dispatcher } from 'undici';
import { Connection } from './client/Connection';
import { GitlabClient } from './client/GitlabClient';
import { AuthorReader } from './commits/AuthorReader';
import { CONFIG_KEY, type GitlabInstance } from './config';
import { GitlabDeploymentProvider } from './deployments/GitlabDeploymentProvider';
import { Records } from './deployments/Records';
import { EvidenceReader } from './evidence/EvidenceReader';
import type { GitlabParts } from './GitlabParts';
import { LogReader } from './logs/LogReader';
import { GitlabPipelineProvider } from './pipelines/GitlabPipelineProvider';
import { PipelineReader } from './pipelines/PipelineReader';
import { Candidates } from './projects/Candidates';
import { Proposals } from './projects/Proposals';
import { Starts } from './starts/Starts';
import type { WebhookListener } from './webhooks/subscribe';

/** Of gitlab.com; an instance of one's own tells its limit, or has none and is spared. */
const ALLOWANCE: Allowance = {
  usual: 2_000,
  periodSeconds: 60,
  mostAnHour: 60_000,
};

/** What reaches out of this process, and its clock. */
export interface Outside {
  request: BoundedRequest;
  downloads: Dispatcher;
  now: () => number;
  later: (ms: number, act: () => void) => () => void;
  /** For how long a reading of an open deployment counts as current. */
  followSeconds: number;
}

export interface RunningInstance {
  pipelines: GitlabPipelineProvider;
  deployments: GitlabDeploymentProvider;
  listener: WebhookListener;
  stop(): void;
}

/** Everything that follows one host, put together. */
export function createInstance(
  instance: GitlabInstance,
  settings: { artifact: string; downloadHosts: string[] },
  report: (change: ProviderChange) => void,
  { request, downloads, now, later, followSeconds }: Outside,
): RunningInstance {
  const { id, title, host } = instance;
  const budgets = new Budgets(title, now, 'minute');
  const pace = new Pace({
    budget: () => budgets.scarcest,
    allowance: ALLOWANCE,
    now,
  });
  const client = new GitlabClient({
    instance,
    request,
    budgets,
    // An answer that did not change counts against GitLab's limit like any other.
    onAnswer: () => pace.answered(true),
    now,
  });
  const pipelines = new PipelineReader(client, host, (subject, busy) =>
    pace.looked(subject, busy),
  );
  const parts: GitlabParts = {
    instance,
    client,
    budgets,
    pace,
    connection: new Connection(instance, client),
    pipelines,
    evidence: new EvidenceReader({
      client,
      downloads: new Downloads(
        title,
        { hosts: settings.downloadHosts, key: `${CONFIG_KEY}.downloadHosts` },
        downloads,
      ),
      pipelines,
      artifact: settings.artifact,
      now,
    }),
    logs: new LogReader(client, pipelines),
    starts: new Starts(client),
    records: new Records(client),
    authors: new AuthorReader(client),
    candidates: new Candidates(id, client),
    proposals: new Proposals(client),
    followSeconds,
  };
  const hints = new Hints({
    provider: id,
    report,
    spacingSeconds: () => pace.spacingSeconds(),
    now,
    later,
  });
  return {
    pipelines: new GitlabPipelineProvider(parts),
    deployments: new GitlabDeploymentProvider(parts),
    listener: {
      host: new URL(instance.baseUrl).host,
      subjectHost: host,
      hear(hint) {
        pace.heardOf();
        hints.take(hint);
      },
    },
    stop: () => hints.stop(),
  };
}
