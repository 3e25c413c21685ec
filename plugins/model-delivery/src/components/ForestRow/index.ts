export { ForestRow } from './ForestRow';
