import { z } from 'zod';
import {
  modelChoice,
  modelPreview,
  registeredModel,
  unregisteredModel,
  timestamp,
} from '../../schema';
import { operation } from '../operation';
import { READ } from '../paths';
import {
  discoveredModel,
  modelParams,
  none,
  page,
  unregister,
} from '../shapes';

const ADD = 'model-delivery.model.add';

/** Bringing models that exist already, and telling the catalog of them. */
export const onboardingOperations = {
  previewModel: operation({
    method: 'post',
    path: '/onboarding/preview',
    summary:
      'What the chosen systems have of an existing model, and its entity',
    permission: ADD,
    params: none,
    query: none,
    body: modelChoice,
    answer: modelPreview,
  }),
  proposeModel: operation({
    method: 'post',
    path: '/onboarding/pull-request',
    summary: 'Proposes the entity file to the chosen repository',
    permission: ADD,
    params: none,
    query: none,
    body: modelChoice,
    answer: z.object({ url: z.string() }),
    errors: ['unavailable'],
  }),
  registerModel: operation({
    method: 'post',
    path: '/onboarding/models',
    summary:
      'Puts the entity into the catalog; a file that declares it takes over',
    permission: ADD,
    params: none,
    query: none,
    body: modelChoice,
    answer: z.object({ entityRef: z.string() }),
    errors: ['conflict'],
  }),
  listRegisteredModels: operation({
    method: 'get',
    path: '/onboarding/models',
    summary: 'What was registered and not unregistered, newest first',
    permission: ADD,
    params: none,
    query: z.object(page),
    answer: z.object({
      items: z.array(registeredModel),
      nextCursor: z.string().optional(),
    }),
  }),
  unregisterModel: operation({
    method: 'post',
    path: '/onboarding/models/:namespace/:name/unregister',
    summary:
      'Takes a model that was registered out of the catalog again; repeating it changes nothing',
    permission: ADD,
    params: modelParams,
    query: none,
    body: unregister,
    answer: unregisteredModel,
    errors: ['conflict'],
  }),
  discoverModels: operation({
    method: 'get',
    path: '/discovery/models',
    summary: 'The models that providers know of, for the catalog',
    permission: READ,
    params: none,
    query: none,
    servicesOnly: true,
    answer: z.object({
      items: z.array(discoveredModel),
      /** Providers that did not answer: what they told before is to be kept. */
      incomplete: z.array(z.string()),
      /** What people unregistered: it leaves the catalog, however much it is. */
      unregistered: z.array(z.object({ entityRef: z.string(), at: timestamp })),
    }),
  }),
} as const;
