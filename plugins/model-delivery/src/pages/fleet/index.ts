export { FleetPage } from './FleetPage';
export { NewModelButton } from './NewModelButton';
