export { EvidenceGrid } from './EvidenceGrid';
export { isBeingRead, PendingEvidence } from './PendingEvidence';
