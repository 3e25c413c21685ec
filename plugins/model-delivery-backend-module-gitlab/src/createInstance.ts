import {
  type BoundedRequest,
  Budgets,
  Downloads,
} from '@slipway/plugin-model-delivery-node/http';
import type { Dispatcher } from 'undici';
import { Connection } from './client/Connection';
import { GitlabClient } from './client/GitlabClient';
import { CONFIG_KEY, type GitlabInstance } from './config';
import { EvidenceReader } from './evidence/EvidenceReader';
import { LogReader } from './logs/LogReader';
import { GitlabPipelineProvider } from './pipelines/GitlabPipelineProvider';
import { PipelineReader } from './pipelines/PipelineReader';
import { Starts } from './starts/Starts';

/** What reaches out of this process, and its clock. */
export interface Outside {
  request: BoundedRequest;
  downloads: Dispatcher;
  now: () => number;
}

/** Everything that follows one host, put together. */
export function createInstance(
  instance: GitlabInstance,
  settings: { artifact: string; downloadHosts: string[] },
  { request, downloads, now }: Outside,
): { pipelines: GitlabPipelineProvider } {
  const budgets = new Budgets(instance.title, now, 'minute');
  const client = new GitlabClient({ instance, request, budgets, now });
  const pipelines = new PipelineReader(client);
  return {
    pipelines: new GitlabPipelineProvider({
      instance,
      client,
      budgets,
      connection: new Connection(instance, client),
      pipelines,
      evidence: new EvidenceReader({
        client,
        downloads: new Downloads(
          instance.title,
          { hosts: settings.downloadHosts, key: `${CONFIG_KEY}.downloadHosts` },
          downloads,
        ),
        pipelines,
        artifact: settings.artifact,
        now,
      }),
      logs: new LogReader(client, pipelines),
      starts: new Starts(client),
    }),
  };
}
