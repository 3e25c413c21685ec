import { z } from 'zod';

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

/** Minute, hour, day of the month, month, day of the week. */
export const cronExpression = z
  .string()
  .max(100)
  .regex(
    new RegExp(`^${CRON.join(' ')}$`),
    'must be five cron fields, such as 0 18 * * fri',
  );

export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
