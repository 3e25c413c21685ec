import { z } from 'zod';
import {
  environmentName,
  feedbackChange,
  feedbackStatus,
  feedbackSwitch,
  incident,
  incidentDetail,
  shiftedReplay,
} from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  dismissIncident,
  kindQuery,
  listOf,
  modelParams,
  none,
  page,
  switchFeedback,
} from '../shapes';

const CONTROL = 'model-delivery.feedback.control';
const CONTROL_ALL = 'model-delivery.feedback.control-all';
const incidentParams = modelParams.extend({ incidentId: z.string().max(100) });

/** What follows from monitors. */
export const incidentsOperations = {
  listIncidents: operation({
    method: 'get',
    path: `${MODEL}/incidents`,
    summary: 'Incidents, newest first, and whether feedback is on',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      ...page,
      open: z
        .enum(['true', 'false'])
        .optional()
        .describe('only those that are open, or only those that are closed'),
    }),
    answer: listOf(incident).extend({ feedback: feedbackStatus }),
  }),
  getIncident: operation({
    method: 'get',
    path: `${MODEL}/incidents/:incidentId`,
    summary: 'One incident with its thread',
    permission: READ,
    params: incidentParams,
    query: kindQuery,
    answer: incidentDetail,
  }),
  dismissIncident: operation({
    method: 'post',
    path: `${MODEL}/incidents/:incidentId/dismiss`,
    summary:
      'Closes an incident. A run or a deployment that it began goes on. It opens again only after healthy samples',
    permission: CONTROL,
    params: incidentParams,
    query: kindQuery,
    body: dismissIncident,
    answer: incidentDetail,
    errors: ['conflict'],
  }),
  switchFeedback: operation({
    method: 'post',
    path: `${MODEL}/feedback`,
    summary:
      'Switches the feedback of a model off or on. While it is off, incidents open and nothing follows from them',
    permission: CONTROL,
    params: modelParams,
    query: kindQuery,
    body: switchFeedback,
    answer: z.object({ off: z.array(feedbackSwitch) }),
  }),
  replayShifted: operation({
    method: 'post',
    path: `${MODEL}/environments/:environment/replay`,
    summary:
      'Sends rows that the training data lacks to the live version, where an engine for demonstrations can',
    permission: 'model-delivery.run.trigger',
    params: modelParams.extend({ environment: environmentName }),
    query: kindQuery,
    answer: shiftedReplay,
    errors: ['conflict', 'unavailable'],
  }),
  getAllFeedback: operation({
    method: 'get',
    path: '/feedback',
    summary:
      'Whether the feedback of all models is on, the limits of the configuration, and who switched it last',
    permission: CONTROL_ALL,
    params: none,
    query: none,
    answer: z.object({
      off: feedbackSwitch.nullable().describe('null where it is on'),
      dryRun: z.boolean(),
      retrainsPerDay: z.int(),
      changes: z.array(feedbackChange).describe('newest first, 20 at most'),
    }),
  }),
  switchAllFeedback: operation({
    method: 'post',
    path: '/feedback',
    summary: 'Switches the feedback of all models off or on',
    permission: CONTROL_ALL,
    params: none,
    query: none,
    body: switchFeedback,
    answer: z.object({ off: z.array(feedbackSwitch) }),
  }),
} as const;
