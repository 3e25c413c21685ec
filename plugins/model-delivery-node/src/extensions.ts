import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { DeploymentProvider } from './providers/DeploymentProvider';
import type { MonitorProvider } from './providers/MonitorProvider';
import type { PipelineProvider } from './providers/PipelineProvider';
import type { ProjectProvider } from './providers/ProjectProvider';
import type { VersionProvider } from './providers/VersionProvider';

export interface PipelineProvidersExtensionPoint {
  addPipelineProvider(provider: PipelineProvider): void;
}
export const pipelineProvidersExtensionPoint =
  createExtensionPoint<PipelineProvidersExtensionPoint>({
    id: 'model-delivery.pipeline-providers',
  });

export interface VersionProvidersExtensionPoint {
  addVersionProvider(provider: VersionProvider): void;
}
export const versionProvidersExtensionPoint =
  createExtensionPoint<VersionProvidersExtensionPoint>({
    id: 'model-delivery.version-providers',
  });

export interface DeploymentProvidersExtensionPoint {
  addDeploymentProvider(provider: DeploymentProvider): void;
}
export const deploymentProvidersExtensionPoint =
  createExtensionPoint<DeploymentProvidersExtensionPoint>({
    id: 'model-delivery.deployment-providers',
  });

export interface MonitorProvidersExtensionPoint {
  addMonitorProvider(provider: MonitorProvider): void;
}
export const monitorProvidersExtensionPoint =
  createExtensionPoint<MonitorProvidersExtensionPoint>({
    id: 'model-delivery.monitor-providers',
  });

export interface ProjectProvidersExtensionPoint {
  addProjectProvider(provider: ProjectProvider): void;
}
export const projectProvidersExtensionPoint =
  createExtensionPoint<ProjectProvidersExtensionPoint>({
    id: 'model-delivery.project-providers',
  });

/**
 * That something changed upstream. A hint and no more: the backend reads the provider again, at
 * once, so a lost hint costs time and never truth.
 */
export interface ProviderChange {
  provider: string;
  /** Null: which models is not known; those of `subject` are due, or all of this provider. */
  model: { namespace: string; name: string } | null;
  /** As `ProviderIdentity.subjectOf` names it. */
  subject?: string;
  what: 'runs' | 'versions' | 'deployments' | 'monitors' | 'models';
}

export interface ChangesExtensionPoint {
  /** Never throws, never waits. */
  report(change: ProviderChange): void;
}
export const changesExtensionPoint =
  createExtensionPoint<ChangesExtensionPoint>({ id: 'model-delivery.changes' });

/** Where a run of an outside system wants to deploy. */
export interface RunPlace {
  provider: string;
  /** As `ProviderIdentity.subjectOf` names it. */
  subject: string;
  /** As `DeploymentProvider.identify` names it. */
  targetKey: string;
  runId: string;
}

/** A run that an outside system holds back until Slipway answers whether it may deploy. */
export interface RunQuestion extends RunPlace {
  /** Equal for a question that is reported twice, different when the same run asks again. */
  id: string;
}

/** What a person decided in the outside system about a run. It counts for nothing in Slipway. */
export interface OutsideReview extends RunPlace {
  /** As the outside system names the person. */
  by: string;
  decision: 'approved' | 'rejected';
  comment: string;
}

export interface RunQuestionsExtensionPoint {
  /**
   * Resolves once the question is stored. It is answered through `DeploymentProvider.answerRun`, after
   * the run was read through `getAskingRun`: nothing of the question is trusted.
   */
  ask(question: RunQuestion): Promise<void>;
  /** Shows a review among the events of the deployment that the run carries out, if there is one. */
  reviewed(review: OutsideReview): Promise<void>;
}
export const runQuestionsExtensionPoint =
  createExtensionPoint<RunQuestionsExtensionPoint>({
    id: 'model-delivery.run-questions',
  });
