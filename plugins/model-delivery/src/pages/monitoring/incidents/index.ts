export { IncidentRegion } from './IncidentRegion';
export { Incidents } from './Incidents';
