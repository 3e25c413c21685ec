import { z } from 'zod';
import { timestamp } from './base';
import { monitorState } from './monitor';
import { FEEDBACK_ACTIONS, feedbackCondition } from './spec';

/** What follows next in an incident. `watching`: nothing does, until the monitor recovers. */
export const INCIDENT_PHASES = [
  'acting',
  'training',
  'promoting',
  'watching',
  'closed',
] as const;
export const incidentPhase = z.enum(INCIDENT_PHASES);
export type IncidentPhase = z.infer<typeof incidentPhase>;

/**
 * `recovered`: as many healthy samples in a row as opened it. `replaced`: another version went live.
 * `dismissed`: by a person.
 */
export const incidentCause = z.enum(['recovered', 'replaced', 'dismissed']);
export type IncidentCause = z.infer<typeof incidentCause>;

/** A monitor that broke its feedback rule, and what follows from it. */
export const incident = z
  .object({
    id: z.string(),
    monitor: z.string(),
    environment: z.string(),
    when: feedbackCondition,
    then: z.enum(FEEDBACK_ACTIONS),
    phase: incidentPhase,
    /** What follows, or why nothing does, in a sentence. */
    message: z.string(),
    openedAt: timestamp,
    closedAt: timestamp.nullable(),
    cause: incidentCause.nullable(),
    /** The version that was live when it opened; null where none was known. */
    version: z.string().nullable(),
    /** The run that trains again. */
    runId: z.string().nullable(),
    /** The version that the run registered. */
    candidate: z.string().nullable(),
    /** The deployment that was requested of the candidate. */
    deploymentId: z.string().nullable(),
  })
  .meta({ id: 'Incident' });
export type Incident = z.infer<typeof incident>;

/** A sample as the rule judged it. */
export const judgedSample = z.object({
  at: timestamp,
  value: z.number().nullable(),
  state: monitorState,
});
export type JudgedSample = z.infer<typeof judgedSample>;

export const INCIDENT_EVENTS = [
  'opened',
  'held',
  'dry-run',
  'action',
  'run',
  'candidate',
  'comparison',
  'promotion',
  'ended',
  'closed',
] as const;

/** One entry of an incident's thread; never changed afterwards. */
export const incidentEvent = z
  .object({
    at: timestamp,
    type: z.enum(INCIDENT_EVENTS),
    /** Entity ref of a person, or `system`. */
    by: z.string(),
    message: z.string(),
    /** The samples that opened it, oldest first. */
    samples: z.array(judgedSample).nullable(),
    runId: z.string().nullable(),
    version: z.string().nullable(),
    deploymentId: z.string().nullable(),
  })
  .meta({ id: 'IncidentEvent' });
export type IncidentEvent = z.infer<typeof incidentEvent>;

export const incidentDetail = incident
  .extend({
    /** Oldest first. */
    thread: z.array(incidentEvent),
  })
  .meta({ id: 'IncidentDetail' });
export type IncidentDetail = z.infer<typeof incidentDetail>;

/** Who switched feedback off, for one model or for all. */
export const feedbackSwitch = z
  .object({
    scope: z.enum(['model', 'all']),
    by: z.string(),
    reason: z.string(),
    since: timestamp,
  })
  .meta({ id: 'FeedbackSwitch' });
export type FeedbackSwitch = z.infer<typeof feedbackSwitch>;

/** Somebody switched feedback off or on. */
export const feedbackChange = z
  .object({
    at: timestamp,
    on: z.boolean(),
    by: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'FeedbackChange' });
export type FeedbackChange = z.infer<typeof feedbackChange>;

/** Whether monitors of a model may cause anything, and how much of the budget is left. */
export const feedbackStatus = z
  .object({
    /** Rules that the model declares. */
    rules: z.int(),
    /** Empty where feedback is on. */
    off: z.array(feedbackSwitch),
    /** The configuration has actions written in the thread, and not carried out. */
    dryRun: z.boolean(),
    /** Trainings that feedback may start within a day, and did in the last 24 hours. */
    retrainsPerDay: z.int(),
    retrainsLastDay: z.int(),
    /** Environments to which a demonstration can send rows that the training data lacks. */
    replays: z.array(z.string()),
  })
  .meta({ id: 'FeedbackStatus' });
export type FeedbackStatus = z.infer<typeof feedbackStatus>;

/** Rows that the training data lacks, sent to a live version for a demonstration. */
export const shiftedReplay = z
  .object({ rows: z.int(), requests: z.int(), seconds: z.number() })
  .meta({ id: 'ShiftedReplay' });
export type ShiftedReplay = z.infer<typeof shiftedReplay>;
