import { z } from 'zod';
import { environmentName, modelDetail, modelEvent } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  fleetAnswer,
  fleetQuery,
  kindQuery,
  listOf,
  modelParams,
  none,
  page,
} from '../shapes';

/** The fleet, and what the top of a model page needs. */
export const modelsOperations = {
  listModels: operation({
    method: 'get',
    path: '/models',
    summary: 'The fleet: one row a model, filtered, sorted and paged',
    permission: READ,
    params: none,
    query: fleetQuery,
    answer: fleetAnswer,
  }),
  getModel: operation({
    method: 'get',
    path: MODEL,
    summary: 'Everything that the top of a model page needs',
    permission: READ,
    params: modelParams,
    query: kindQuery,
    answer: modelDetail,
  }),
  refreshModel: operation({
    method: 'post',
    path: `${MODEL}/refresh`,
    summary: 'Marks every source of the model as due now',
    permission: READ,
    params: modelParams,
    query: kindQuery,
    answer: z.object({ due: z.int() }),
    keepsNoHistory: true,
  }),
  listEvents: operation({
    method: 'get',
    path: `${MODEL}/events`,
    summary:
      'What happened to the model, newest first: deployments, monitors that changed, alerts, incidents',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      ...page,
      environment: environmentName.optional(),
      type: z
        .enum(['deploy', 'promote', 'rollback', 'monitor', 'alert', 'incident'])
        .optional(),
    }),
    answer: listOf(modelEvent),
  }),
} as const;
