export { FleetPage } from './FleetPage';
export { AddModelButton, ApprovalsButton, SourcesButton } from './FleetActions';
export { NewModelButton } from './NewModelButton';
