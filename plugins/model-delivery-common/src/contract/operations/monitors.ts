import {
  environmentName,
  monitor,
  monitorSeries,
  timestamp,
} from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import { kindQuery, listOf, modelParams, queryInteger } from '../shapes';

const monitorParams = modelParams.extend({ monitor: environmentName });

/** What is watched. */
export const monitorsOperations = {
  listMonitors: operation({
    method: 'get',
    path: `${MODEL}/monitors`,
    summary: 'Monitors with their state and newest reading',
    permission: READ,
    params: modelParams,
    query: kindQuery,
    answer: listOf(monitor),
  }),
  getMonitorSeries: operation({
    method: 'get',
    path: `${MODEL}/monitors/:monitor/series`,
    summary: 'A monitor over time, thinned, with the deployments of the range',
    permission: READ,
    params: monitorParams,
    query: kindQuery.extend({
      from: timestamp.optional(),
      to: timestamp.optional(),
      points: queryInteger.min(10).max(500).default(200),
    }),
    answer: monitorSeries,
  }),
} as const;
