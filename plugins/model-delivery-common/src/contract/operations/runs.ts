import { z } from 'zod';
import { logChunk, run, runDetail } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  kindQuery,
  listOf,
  modelParams,
  none,
  queryInteger,
  runsQuery,
  triggerRun,
} from '../shapes';

const runParams = modelParams.extend({ runId: z.string().max(200) });
const RUN = 'model-delivery.run.trigger';

/** What pipelines did, and asking them to do it. */
export const runsOperations = {
  listRuns: operation({
    method: 'get',
    path: `${MODEL}/runs`,
    summary: 'Runs, newest first',
    permission: READ,
    params: modelParams,
    query: runsQuery,
    answer: listOf(run),
  }),
  triggerRun: operation({
    method: 'post',
    path: `${MODEL}/runs`,
    summary: 'Starts a training, or an evaluation of a version',
    permission: RUN,
    params: modelParams,
    query: kindQuery,
    body: triggerRun,
    answer: z.object({ runId: z.string() }),
    idempotent: true,
    errors: ['unavailable'],
  }),
  getRun: operation({
    method: 'get',
    path: `${MODEL}/runs/:runId`,
    summary: 'One run with its jobs, steps and evidence',
    permission: READ,
    params: runParams,
    query: kindQuery,
    answer: runDetail,
  }),
  getRunLog: operation({
    method: 'get',
    path: `${MODEL}/runs/:runId/log`,
    summary: 'Lines of the log of a job, from a line on',
    permission: READ,
    params: runParams,
    query: kindQuery.extend({
      job: z.string().max(200),
      after: queryInteger.min(0).default(0),
      limit: queryInteger.min(1).max(5000).default(2000),
    }),
    answer: logChunk,
    errors: ['unavailable'],
  }),
  rerunRun: operation({
    method: 'post',
    path: `${MODEL}/runs/:runId/rerun`,
    summary: 'Runs the same commit again, as a run of its own',
    permission: RUN,
    params: runParams,
    query: kindQuery,
    answer: z.object({ runId: z.string() }),
    idempotent: true,
    errors: ['unavailable'],
  }),
  cancelRun: operation({
    method: 'post',
    path: `${MODEL}/runs/:runId/cancel`,
    summary: 'Stops a run that is under way',
    permission: RUN,
    params: runParams,
    query: kindQuery,
    answer: none,
    errors: ['conflict', 'unavailable'],
  }),
} as const;
