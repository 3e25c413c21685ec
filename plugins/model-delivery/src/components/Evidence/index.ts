export { EvidenceGrid } from './EvidenceGrid';
