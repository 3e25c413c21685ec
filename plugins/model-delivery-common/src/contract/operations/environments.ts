import {
  deploymentDetail,
  environmentName,
  liveInterval,
  timestamp,
  versionName,
} from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  decideOutside,
  gatesAnswer,
  impactAnswer,
  kindQuery,
  liftHold,
  listOf,
  modelParams,
  none,
  page,
  predict,
  prediction,
  rollback,
} from '../shapes';

const environmentParams = modelParams.extend({ environment: environmentName });
const ROLLBACK = 'model-delivery.deployment.rollback';

/** What is live in an environment, whether a version may go there, and the way back. */
export const environmentsOperations = {
  getHistory: operation({
    method: 'get',
    path: `${MODEL}/environments/:environment/history`,
    summary:
      'What was live there, from when to when, by whom and why; newest first',
    permission: READ,
    params: environmentParams,
    query: kindQuery.extend({
      ...page,
      since: timestamp.optional(),
      at: timestamp.optional().describe('only what was live at this moment'),
    }),
    answer: listOf(liveInterval),
  }),
  getGates: operation({
    method: 'get',
    path: `${MODEL}/environments/:environment/gates`,
    summary: 'Whether a version would ship there, and if not why',
    permission: READ,
    params: environmentParams,
    query: kindQuery.extend({ version: versionName }),
    answer: gatesAnswer,
  }),
  getImpact: operation({
    method: 'get',
    path: `${MODEL}/environments/:environment/impact`,
    summary: 'Who uses the model, and whether a version would break callers',
    permission: READ,
    params: environmentParams,
    query: kindQuery.extend({ version: versionName }),
    answer: impactAnswer,
  }),
  rollback: operation({
    method: 'post',
    path: `${MODEL}/environments/:environment/rollback`,
    summary: 'Brings back a version that was live before',
    permission: ROLLBACK,
    params: environmentParams,
    query: kindQuery,
    body: rollback,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  bringBack: operation({
    method: 'post',
    path: `${MODEL}/environments/:environment/bring-back`,
    summary:
      'Deploys the version again that the history says is live, where something else is served',
    permission: ROLLBACK,
    params: environmentParams,
    query: kindQuery,
    body: decideOutside,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  adopt: operation({
    method: 'post',
    path: `${MODEL}/environments/:environment/adopt`,
    summary:
      'Records in the history what is served there and was deployed outside Slipway',
    permission: 'model-delivery.deployment.create',
    params: environmentParams,
    query: kindQuery,
    body: decideOutside,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  liftHold: operation({
    method: 'post',
    path: `${MODEL}/environments/:environment/lift-hold`,
    summary: 'Lets automatic delivery go on after a roll back',
    permission: 'model-delivery.deployment.create',
    params: environmentParams,
    query: kindQuery,
    body: liftHold,
    answer: none,
    errors: ['conflict'],
  }),
  predict: operation({
    method: 'post',
    path: `${MODEL}/predictions`,
    summary: "One inference through an environment's server",
    permission: 'model-delivery.predict',
    params: modelParams,
    query: kindQuery,
    body: predict,
    answer: prediction,
    keepsNoHistory: true,
    errors: ['unavailable'],
  }),
} as const;
