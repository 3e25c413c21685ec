import { z } from 'zod';
import { timestamp } from './base';
import { signal, threshold } from './spec';

/** `unavailable`: what is watched has been gone for so long that it is taken to be down. */
export const MONITOR_STATES = [
  'healthy',
  'warning',
  'critical',
  'unavailable',
  'insufficient',
  'unknown',
] as const;
export const monitorState = z.enum(MONITOR_STATES);
export type MonitorState = z.infer<typeof monitorState>;

/** One part of a reading that has several: a feature's drift, a class's share. */
export const readingPart = z.object({
  name: z.string(),
  value: z.number().nullable(),
  /** The limit calibrated for this part, where it has one of its own. */
  limit: z.number().nullable(),
  drifted: z.boolean().nullable(),
});

/** An alert that an outside system raised about what a monitor watches. */
export const monitorAlert = z
  .object({
    name: z.string(),
    /** `silenced` alerts are shown and change no state; `pending` ones do not fire yet. */
    state: z.enum(['pending', 'firing', 'silenced']),
    severity: z.enum(['warning', 'critical']),
    summary: z.string(),
    since: timestamp,
    url: z.string().nullable(),
    silence: z
      .object({ by: z.string(), comment: z.string(), until: timestamp })
      .nullable(),
  })
  .meta({ id: 'MonitorAlert' });
export type MonitorAlert = z.infer<typeof monitorAlert>;

/** What a monitor read at one moment. A null value is unknown, and says why. */
export const reading = z
  .object({
    at: timestamp,
    value: z.number().nullable(),
    /** Set when there is a value's worth of data missing: too few rows, nothing scraped. */
    insufficient: z.boolean(),
    reason: z.string().nullable(),
    parts: z.array(readingPart),
    version: z.string().nullable(),
    /** Of an estimate: the rows that it is made of, and its 95 % interval. */
    n: z.int().optional(),
    interval: z.tuple([z.number(), z.number()]).optional(),
    /** The provider knows that the watched service is down, and has been for a while. */
    unavailable: z.boolean().default(false),
    alerts: z.array(monitorAlert).default([]),
    /** Set while alerts cannot be read. Unknown is not none: `alerts` are those known last. */
    alertsUnknown: z
      .object({ since: timestamp, reason: z.string() })
      .nullable()
      .default(null),
  })
  .meta({ id: 'Reading' });
export type Reading = z.infer<typeof reading>;

export const monitor = z
  .object({
    name: z.string(),
    signal,
    environment: z.string(),
    /** Who reads it. */
    provider: z.string().default(''),
    /** `s`, `ratio`, `psi`…: what the value is measured in. */
    unit: z.string().nullable(),
    state: monitorState,
    /** Observed, sign and limit, or why it is not known. */
    reason: z.string(),
    since: timestamp.nullable(),
    reading: reading.nullable(),
    warning: threshold.nullable(),
    critical: threshold.nullable(),
  })
  .meta({ id: 'Monitor' });
export type Monitor = z.infer<typeof monitor>;

export const monitorSeries = z
  .object({
    monitor,
    from: timestamp,
    to: timestamp,
    lines: z.array(
      z.object({
        name: z.string(),
        limit: z.number().nullable(),
        points: z.array(
          z.object({ at: timestamp, value: z.number().nullable() }),
        ),
      }),
    ),
    /** Versions that went live in this environment within the range. */
    deployments: z.array(
      z.object({
        at: timestamp,
        version: z.string(),
        deploymentId: z.string(),
      }),
    ),
  })
  .meta({ id: 'MonitorSeries' });
export type MonitorSeries = z.infer<typeof monitorSeries>;

/** A monitor that changed its state, or an alert on it that did; never changed afterwards. */
export const monitorEvent = z
  .object({
    id: z.string(),
    at: timestamp,
    monitor: z.string(),
    environment: z.string(),
    kind: z.enum(['state', 'alert']),
    /** The alert, where it is about one. */
    alert: z.string().nullable(),
    /** State of the monitor, or of the alert: `firing`, `silenced`, `resolved`… */
    from: z.string().nullable(),
    to: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'MonitorEvent' });
export type MonitorEvent = z.infer<typeof monitorEvent>;
