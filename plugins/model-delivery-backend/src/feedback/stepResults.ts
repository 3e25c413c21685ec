import type { IncidentMove } from '../database/IncidentStore';
import type {
  NewIncidentEvent,
  StoredIncident,
} from '../database/incidentRows';

const bySystem = (event: Omit<NewIncidentEvent, 'by'>): NewIncidentEvent => ({
  by: 'system',
  ...event,
});

/** Nothing to say; looks again. */
export const again = (dueAt: string | null): IncidentMove => ({
  dueAt,
  events: [],
});

/** Says why nothing happens yet, once. */
export const held = (
  incident: StoredIncident,
  message: string,
  dueAt: string | null,
): IncidentMove => ({
  message,
  dueAt,
  events:
    incident.message === message ? [] : [bySystem({ type: 'held', message })],
});

/** What was begun is over, and the monitor decides on the rest. */
export const ended = (
  message: string,
  about: Partial<NewIncidentEvent> = {},
): IncidentMove => ({
  phase: 'watching',
  message,
  dueAt: null,
  events: [bySystem({ ...about, type: 'ended', message })],
});

/** The incident is over: another version is live. */
export const replaced = (
  incident: StoredIncident,
  version: string,
): IncidentMove => {
  const message = `${incident.version} was replaced by ${version} in ${incident.environment}.`;
  return {
    phase: 'closed',
    cause: 'replaced',
    message,
    dueAt: null,
    events: [bySystem({ type: 'closed', message, version })],
  };
};

/** Goes on to the next phase, with the entries that say how. */
export const moved = (
  move: Omit<IncidentMove, 'events' | 'message'>,
  ...events: Omit<NewIncidentEvent, 'by'>[]
): IncidentMove => ({
  ...move,
  message: events[events.length - 1]!.message,
  events: events.map(bySystem),
});
