import type { OperationName } from '@slipway/plugin-model-delivery-common/contract';

/** An operation of the REST API that agents and templates may call as an action. */
export interface Verb {
  operation: OperationName;
  /** In kebab case; the ID of the action is `model-delivery:<name>`. */
  name: string;
  title: string;
  /** Whether it can replace or end something that is live or under way. Reads never do. */
  destructive?: boolean;
}

/** Every verb of the pages, and the reads that an agent needs to choose one. */
export const VERBS: readonly Verb[] = [
  { operation: 'listModels', name: 'list-models', title: 'List models' },
  { operation: 'getModel', name: 'get-model', title: 'Get a model' },
  { operation: 'listEvents', name: 'list-events', title: 'List events' },
  { operation: 'listVersions', name: 'list-versions', title: 'List versions' },
  { operation: 'getVersion', name: 'get-version', title: 'Get a version' },
  {
    operation: 'compareVersions',
    name: 'compare-versions',
    title: 'Compare versions',
  },
  { operation: 'getVersionCard', name: 'get-model-card', title: 'Get a card' },
  { operation: 'getDossier', name: 'get-dossier', title: 'Get a dossier' },
  { operation: 'getGates', name: 'get-gates', title: 'Would a version ship?' },
  {
    operation: 'getHistory',
    name: 'get-history',
    title: 'Get the history of an environment',
  },
  {
    operation: 'getModelFigures',
    name: 'get-delivery-figures',
    title: 'Get delivery figures',
  },
  {
    operation: 'listDeployments',
    name: 'list-deployments',
    title: 'List deployments',
  },
  {
    operation: 'getDeployment',
    name: 'get-deployment',
    title: 'Get a deployment',
  },
  {
    operation: 'listApprovals',
    name: 'list-approvals',
    title: 'List deployments that wait for your approval',
  },
  { operation: 'listRuns', name: 'list-runs', title: 'List runs' },
  { operation: 'getRun', name: 'get-run', title: 'Get a run' },
  { operation: 'getRunLog', name: 'get-run-log', title: 'Read a log' },
  { operation: 'listMonitors', name: 'list-monitors', title: 'List monitors' },
  {
    operation: 'listIncidents',
    name: 'list-incidents',
    title: 'List incidents',
  },
  { operation: 'getIncident', name: 'get-incident', title: 'Get an incident' },
  { operation: 'predict', name: 'predict', title: 'Send to a live version' },
  { operation: 'triggerRun', name: 'start-run', title: 'Train or evaluate' },
  { operation: 'rerunRun', name: 'rerun', title: 'Run again' },
  {
    operation: 'cancelRun',
    name: 'cancel-run',
    title: 'Cancel a run',
    destructive: true,
  },
  {
    operation: 'createDeployment',
    name: 'deploy',
    title: 'Deploy or promote a version',
    destructive: true,
  },
  {
    operation: 'rollback',
    name: 'roll-back',
    title: 'Roll back an environment',
    destructive: true,
  },
  {
    operation: 'overrideGates',
    name: 'override-gates',
    title: 'Deploy although gates do not pass',
    destructive: true,
  },
  {
    operation: 'continueDeployment',
    name: 'continue-roll-out',
    title: 'Continue a paused roll-out',
    destructive: true,
  },
  {
    operation: 'approveDeployment',
    name: 'approve-deployment',
    title: 'Approve a deployment',
    destructive: true,
  },
  {
    operation: 'rejectDeployment',
    name: 'reject-deployment',
    title: 'Reject a deployment',
    destructive: true,
  },
  {
    operation: 'cancelDeployment',
    name: 'cancel-deployment',
    title: 'Cancel a deployment',
    destructive: true,
  },
  {
    operation: 'forceReleaseDeployment',
    name: 'force-release',
    title: 'Release an environment by force',
    destructive: true,
  },
  {
    operation: 'liftHold',
    name: 'lift-hold',
    title: 'Lift the hold on an environment',
    destructive: true,
  },
  {
    operation: 'dismissIncident',
    name: 'dismiss-incident',
    title: 'Dismiss an incident',
    destructive: true,
  },
  {
    operation: 'switchFeedback',
    name: 'switch-feedback',
    title: 'Switch the feedback of a model off or on',
    destructive: true,
  },
];
