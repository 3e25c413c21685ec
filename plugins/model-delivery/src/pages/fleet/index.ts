export { FleetPage } from './FleetPage';
export { FleetActions } from './FleetActions';
export { NewModelButton } from './NewModelButton';
