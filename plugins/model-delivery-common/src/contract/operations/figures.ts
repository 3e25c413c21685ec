import { deliveryFigures, environmentName } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import { figureDays, kindQuery, modelParams, none } from '../shapes';

/** How often, how fast and how safely versions go live. */
export const figuresOperations = {
  getModelFigures: operation({
    method: 'get',
    path: `${MODEL}/environments/:environment/figures`,
    summary:
      'How often, how fast and how safely versions of the model go live there',
    permission: READ,
    params: modelParams.extend({ environment: environmentName }),
    query: kindQuery.extend({ days: figureDays }),
    answer: deliveryFigures,
  }),
  getFleetFigures: operation({
    method: 'get',
    path: '/figures',
    summary:
      'How often, how fast and how safely versions of all visible models go live in environments of a name',
    permission: READ,
    params: none,
    query: none.extend({ environment: environmentName, days: figureDays }),
    answer: deliveryFigures,
  }),
} as const;
