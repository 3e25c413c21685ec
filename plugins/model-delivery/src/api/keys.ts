import type { OperationName } from '@slipway/plugin-model-delivery-common/contract';

const ROOT = 'model-delivery';

/** Every answer about one model lies under its ref, so that one signal makes all of them old. */
export const modelKey = (entityRef: string) => [ROOT, 'model', entityRef];

export const answerKey = (
  entityRef: string,
  operation: OperationName,
  input: unknown,
) => [...modelKey(entityRef), operation, input];

export const fleetKey = (query: unknown) => [ROOT, 'fleet', query];

/** What waits for the visitor. */
export const approvalsKey = [ROOT, 'approvals'];
/** Whether the feedback of all models is on. */
export const allFeedbackKey = [ROOT, 'feedback'];
export const sourcesKey = [ROOT, 'sources'];
export const candidatesKey = (source: string, search: string) => [
  ROOT,
  'candidates',
  source,
  search,
];
export const previewKey = (choice: unknown) => [ROOT, 'preview', choice];
export const ownersKey = [ROOT, 'owners'];
export const registeredKey = [ROOT, 'registered'];
