import { z } from 'zod';
import { duration, plainText } from './base';
import { cronExpression, timeZone } from './schedule';

const localTime = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/,
    'must be a local time such as 2026-12-20T18:00',
  );

const common = {
  /** IANA name; both forms are in local time. */
  timeZone,
  /** Shown to everybody whose deployment waits. */
  reason: plainText(200).trim().min(1),
};

/** A stretch of time in which nothing is deployed to an environment, once or recurring. */
export const freezeWindow = z
  .union([
    z
      .strictObject({ from: localTime, to: localTime, ...common })
      .refine(({ from, to }) => from < to, {
        path: ['to'],
        error: 'must be later than "from"',
      }),
    z.strictObject({
      /** When each window begins: minute, hour, day of the month, month, day of the week. */
      cron: cronExpression,
      /** How long each window lasts. */
      duration,
      ...common,
    }),
  ])
  .meta({ id: 'FreezeWindow' });
export type FreezeWindow = z.infer<typeof freezeWindow>;
