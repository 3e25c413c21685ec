/** What the author of a provider module imports. */
export * from './ProviderError';
export * from './commits/commitAuthors';
export * from './commits/proposals';
export * from './extensions';
export type * from './providers/AskingRun';
export type * from './providers/common';
export type * from './providers/DeploymentProvider';
export type * from './providers/MonitorProvider';
export type * from './providers/PipelineProvider';
export type * from './providers/ProjectProvider';
export type * from './providers/VersionProvider';
export * from './work/WakeLoop';
