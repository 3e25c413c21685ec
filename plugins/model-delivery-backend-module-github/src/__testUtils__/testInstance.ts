import net from 'node:net';
import type {
  ModelTarget,
  ProviderChange,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import { Agent } from 'undici';
import { createBoundedFetch } from '../client/boundedFetch';
import type { Credentials } from '../client/credentials';
import { createOctokit } from '../client/octokit';
import { createInstance, type RunningInstance } from '../createInstance';
import {
  type GithubStandIn,
  STAND_IN_HOST,
  STAND_IN_TOKEN,
} from './GithubStandIn';

export interface TestInstance extends RunningInstance {
  changes: ProviderChange[];
}

let made = 0;

/** The providers as the module makes them, against the stand-in or another address. */
export function testInstance(
  api: GithubStandIn | string,
  parts: {
    token?: string;
    owners?: string[];
    now?: () => number;
    downloadHosts?: string[];
    followSeconds?: number;
  } = {},
): TestInstance {
  const url = typeof api === 'string' ? api : api.url;
  const token = parts.token ?? STAND_IN_TOKEN;
  made += 1;
  const key = `token:${url}#${made}`;
  const credentials: Credentials = {
    // Each has a queue of its own, so that tests do not wait for one another.
    of: async () => ({ key, token }),
    owners: async () => parts.owners ?? null,
  };
  const changes: ProviderChange[] = [];
  const running = createInstance(
    {
      id: 'github',
      title: 'GitHub',
      host: STAND_IN_HOST,
      apiBaseUrl: url,
      integration: { host: STAND_IN_HOST },
    },
    {
      artifact: 'reports',
      downloadHosts: parts.downloadHosts ?? ['*.actions.githubusercontent.com'],
    },
    change => changes.push(change),
    {
      fetch: createBoundedFetch(),
      downloads: storage(api),
      credentials,
      octokitOf: credential => createOctokit(url, credential),
      now: parts.now ?? Date.now,
      later: (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
      followSeconds: parts.followSeconds ?? 0.01,
    },
  );
  return { ...running, changes };
}

/** Takes every host for the stand-in's storage, and speaks plain HTTP to it. */
function storage(api: GithubStandIn | string): Agent {
  return new Agent({
    connect: (_options, callback) => {
      const port = typeof api === 'string' ? 1 : api.storagePort;
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => callback(null, socket));
      socket.once('error', error => callback(error, null));
    },
  });
}

export function modelOf(
  slug: string,
  target: Record<string, unknown> = {},
): ModelTarget {
  return {
    entityRef: 'mlmodel:default/penguins',
    namespace: 'default',
    name: 'penguins',
    annotations: { 'github.com/project-slug': slug },
    target: { provider: 'github', workflow: 'model.yaml', ...target },
  };
}

export function context(): ProviderContext {
  return { signal: new AbortController().signal };
}
