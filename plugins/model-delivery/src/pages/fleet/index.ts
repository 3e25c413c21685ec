export { FleetPage } from './FleetPage';
export { AddModelButton, SourcesButton } from './FleetActions';
export { NewModelButton } from './NewModelButton';
