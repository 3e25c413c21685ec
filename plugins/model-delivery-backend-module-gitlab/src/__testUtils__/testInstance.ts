import type {
  ModelTarget,
  ProviderChange,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import {
  createBoundedRequest,
  publicDispatcher,
} from '@slipway/plugin-model-delivery-node/http';
import { createInstance, type RunningInstance } from '../createInstance';
import { type GitlabStandIn, STAND_IN_TOKEN } from './GitlabStandIn';

export interface TestInstance extends RunningInstance {
  changes: ProviderChange[];
}

/** The providers as the module makes them, against the stand-in or another address. */
export function testInstance(
  api: GitlabStandIn | string,
  parts: { token?: string; now?: () => number } = {},
): TestInstance {
  const changes: ProviderChange[] = [];
  const running = createInstance(
    {
      id: 'gitlab',
      title: 'GitLab',
      host: 'gitlab.example',
      baseUrl: 'https://gitlab.example',
      apiBaseUrl: typeof api === 'string' ? api : api.url,
      token: parts.token ?? STAND_IN_TOKEN,
    },
    { artifact: 'reports', downloadHosts: [] },
    change => changes.push(change),
    {
      request: createBoundedRequest(),
      downloads: publicDispatcher(),
      now: parts.now ?? Date.now,
      later: (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
      followSeconds: 0.01,
    },
  );
  return { ...running, changes };
}

export function modelOf(
  project: string,
  target: Record<string, unknown> = {},
): ModelTarget {
  return {
    entityRef: 'mlmodel:default/penguins',
    namespace: 'default',
    name: 'penguins',
    annotations: { 'gitlab.com/project-slug': project },
    target: { provider: 'gitlab', ...target },
  };
}

export const context = (): ProviderContext => ({
  signal: new AbortController().signal,
});
