import type { ModelTarget } from '@slipway/plugin-model-delivery-node';
import {
  createBoundedRequest,
  publicDispatcher,
} from '@slipway/plugin-model-delivery-node/http';
import { createInstance } from '../createInstance';
import { STAND_IN_TOKEN } from './GitlabStandIn';

/** The provider as the module makes it, against an address. */
export function testInstance(url: string, token = STAND_IN_TOKEN) {
  return createInstance(
    {
      id: 'gitlab',
      title: 'GitLab',
      host: 'gitlab.example',
      baseUrl: 'https://gitlab.example',
      apiBaseUrl: url,
      token,
    },
    { artifact: 'reports', downloadHosts: [] },
    {
      request: createBoundedRequest(),
      downloads: publicDispatcher(),
      now: Date.now,
    },
  );
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
