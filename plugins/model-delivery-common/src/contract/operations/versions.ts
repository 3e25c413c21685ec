import { z } from 'zod';
import { dossier, signature, version, versionName } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  comparisonAnswer,
  kindQuery,
  listOf,
  modelParams,
  page,
  versionAnswer,
} from '../shapes';

const versionParams = modelParams.extend({ version: versionName });

/** What a registry has of a model. */
export const versionsOperations = {
  listVersions: operation({
    method: 'get',
    path: `${MODEL}/versions`,
    summary: 'Versions, newest first',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      ...page,
      status: z.enum(['registered', 'rejected']).optional(),
    }),
    answer: listOf(version),
  }),
  compareVersions: operation({
    method: 'get',
    path: `${MODEL}/versions/compare`,
    summary: 'Two to four versions side by side',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      version: z.array(versionName).min(2).max(4),
    }),
    answer: comparisonAnswer,
  }),
  getVersion: operation({
    method: 'get',
    path: `${MODEL}/versions/:version`,
    summary: 'One version with its evidence',
    permission: READ,
    params: versionParams,
    query: kindQuery,
    answer: versionAnswer,
  }),
  getVersionCard: operation({
    method: 'get',
    path: `${MODEL}/versions/:version/card`,
    summary: 'The model card as Markdown; hostile text, to be rendered inert',
    permission: READ,
    params: versionParams,
    query: kindQuery,
    answer: z.string(),
    answerType: 'text',
    errors: ['unavailable'],
  }),
  getVersionSignature: operation({
    method: 'get',
    path: `${MODEL}/versions/:version/signature`,
    summary: 'Inputs and outputs, from which a form for one inference is built',
    permission: READ,
    params: versionParams,
    query: kindQuery,
    answer: signature,
    errors: ['unavailable'],
  }),
  getDossier: operation({
    method: 'get',
    path: `${MODEL}/versions/:version/dossier`,
    summary:
      'How the version came into production: use, data, evidence, approvals, deployments',
    permission: READ,
    params: versionParams,
    query: kindQuery,
    answer: dossier,
  }),
  getDossierPage: operation({
    method: 'get',
    path: `${MODEL}/versions/:version/dossier.html`,
    summary: 'The dossier as one HTML file to keep or print',
    permission: READ,
    params: versionParams,
    query: kindQuery,
    answer: z.string(),
    answerType: 'page',
  }),
} as const;
