import { z } from 'zod';
import { candidate, sourceDetail, sourceTest } from '../../schema';
import { operation } from '../operation';
import { none } from '../shapes';

const sourceParams = z.object({
  /** `<capability>:<provider>` */
  id: z.string().max(100),
});
const ADD = 'model-delivery.model.add';

/** The outside systems behind all answers, and what they offer. */
export const sourcesOperations = {
  listSources: operation({
    method: 'get',
    path: '/sources',
    summary: 'Every provider, its capabilities and how fresh it is',
    permission: 'model-delivery.source.read',
    params: none,
    query: none,
    answer: z.object({ items: z.array(sourceDetail) }),
  }),
  testSource: operation({
    method: 'post',
    path: '/sources/:id/test',
    summary: 'Asks the outside system once, now',
    permission: 'model-delivery.source.read',
    params: sourceParams,
    query: none,
    answer: sourceTest,
  }),
  listCandidates: operation({
    method: 'get',
    path: '/sources/:id/candidates',
    summary: 'What the outside system has that a model could be made of',
    permission: ADD,
    params: sourceParams,
    query: z.object({ q: z.string().max(200).default('') }),
    answer: z.object({ items: z.array(candidate) }),
    errors: ['unavailable'],
  }),
} as const;
