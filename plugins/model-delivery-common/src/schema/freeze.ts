import { z } from 'zod';
import { duration, plainText } from './base';

const DAYS = 'sun|mon|tue|wed|thu|fri|sat';
const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const cronField = (value: string) => {
  const item = `(?:\\*|(?:${value})(?:-(?:${value}))?)(?:\\/[1-9]\\d?)?`;
  return `${item}(?:,${item})*`;
};
const CRON = [
  '[0-5]?\\d',
  '1?\\d|2[0-3]',
  '[1-9]|[12]\\d|3[01]',
  `[1-9]|1[0-2]|${MONTHS}`,
  `[0-7]|${DAYS}`,
].map(cronField);

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

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
      cron: z
        .string()
        .max(100)
        .regex(
          new RegExp(`^${CRON.join(' ')}$`),
          'must be five cron fields, such as 0 18 * * fri',
        ),
      /** How long each window lasts. */
      duration,
      ...common,
    }),
  ])
  .meta({ id: 'FreezeWindow' });
export type FreezeWindow = z.infer<typeof freezeWindow>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
