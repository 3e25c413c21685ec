import type {
  Incident,
  IncidentEvent,
} from '@slipway/plugin-model-delivery-common';
import type { StatusLook } from './status';

const PHASE: Record<Incident['phase'], StatusLook> = {
  acting: { shape: 'octagon', tone: 'bad', word: 'Open' },
  training: { shape: 'half', tone: 'moving', word: 'Training' },
  promoting: { shape: 'person', tone: 'warning', word: 'Candidate on its way' },
  watching: { shape: 'octagon', tone: 'bad', word: 'Open' },
  closed: { shape: 'check', tone: 'good', word: 'Closed' },
};

const CAUSE: Record<NonNullable<Incident['cause']>, StatusLook> = {
  recovered: { shape: 'check', tone: 'good', word: 'Recovered' },
  replaced: { shape: 'check', tone: 'good', word: 'Version replaced' },
  dismissed: { shape: 'slash', tone: 'muted', word: 'Dismissed' },
};

/** An incident as it stands now; a closed one says why it was closed. */
export const incidentPhase = ({ phase, cause }: Incident): StatusLook =>
  cause ? CAUSE[cause] : PHASE[phase];

const ENTRY: Record<IncidentEvent['type'], StatusLook> = {
  opened: { shape: 'octagon', tone: 'bad', word: 'Opened' },
  held: { shape: 'clock', tone: 'muted', word: 'Waits' },
  'dry-run': { shape: 'hollow', tone: 'muted', word: 'Dry run' },
  action: { shape: 'half', tone: 'moving', word: 'Action' },
  run: { shape: 'half', tone: 'moving', word: 'Run' },
  candidate: { shape: 'check', tone: 'good', word: 'Candidate' },
  comparison: { shape: 'hollow', tone: 'muted', word: 'Comparison' },
  promotion: { shape: 'person', tone: 'warning', word: 'Request' },
  ended: { shape: 'bar', tone: 'warning', word: 'Ended' },
  closed: { shape: 'check', tone: 'good', word: 'Closed' },
};

/** An entry of an incident's thread. */
export const incidentEntry = ({ type }: IncidentEvent): StatusLook =>
  ENTRY[type];
