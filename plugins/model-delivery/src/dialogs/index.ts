export { ContinueRolloutDialog } from './ContinueRolloutDialog';
export { DeployDialog } from './DeployDialog';
export { ForceReleaseDialog } from './ForceReleaseDialog';
export { LiftHoldDialog } from './LiftHoldDialog';
export { RetrainDialog } from './RetrainDialog';
export { RollbackDialog } from './RollbackDialog';
export { UnregisterDialog } from './UnregisterDialog';
