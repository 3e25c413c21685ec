import { z } from 'zod';
import { historyCheck, historyEntry, historyHead } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import { kindQuery, modelParams, page, queryInteger } from '../shapes';

/** What was done to a model and what was denied. */
export const historyOperations = {
  getAudit: operation({
    method: 'get',
    path: `${MODEL}/audit`,
    summary:
      'What was done to the model and what was denied, newest first, with the end of the chain',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend(page),
    answer: z.object({
      items: z.array(historyEntry),
      nextCursor: z.string().optional(),
      head: historyHead,
      check: historyCheck
        .nullable()
        .describe('what the last verification found; null where none was made'),
    }),
  }),
  verifyAudit: operation({
    method: 'post',
    path: `${MODEL}/audit/verify`,
    summary:
      'Verifies the chain of the history from its first entry to its end',
    permission: READ,
    params: modelParams,
    query: kindQuery,
    answer: historyCheck,
    keepsNoHistory: true,
  }),
  exportAudit: operation({
    method: 'get',
    path: `${MODEL}/audit/export`,
    summary:
      'The same as CSV or JSON lines, oldest first. Ask again with `after` set to the last `seq` for the next entries',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      format: z.enum(['csv', 'jsonl']).default('jsonl'),
      after: queryInteger.min(0).max(2_147_483_647).default(0),
      limit: queryInteger.min(1).max(10_000).default(10_000),
    }),
    answer: z.string(),
    answerType: 'text',
  }),
} as const;
