export { MetricTable } from './MetricTable';
