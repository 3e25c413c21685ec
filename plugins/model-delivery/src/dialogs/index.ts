export { DeployDialog } from './DeployDialog';
export { RetrainDialog } from './RetrainDialog';
export { RollbackDialog } from './RollbackDialog';
export { TakeBackDialog } from './TakeBackDialog';
