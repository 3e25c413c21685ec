import fc from 'fast-check';
import { batchJobOf, dueAfter } from './schedule';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const at = (iso: string) => Date.parse(iso);
const due = (schedule: string, timeZone: string, after: string) =>
  new Date(dueAfter({ schedule, timeZone }, at(after))).toISOString();

/** Hour and minute on the clock of a time zone. */
const localTime = (ms: number, timeZone: string): string =>
  new Date(ms).toLocaleTimeString('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
  });

/** Days on which clocks change, by an hour or by half of one; the last zone changes none. */
const changes = fc.constantFrom(
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Asia/Kolkata', '2026-06-01'],
);
const hours = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  fc.integer({ min: 4, max: 23 }),
);
const minutes = fc.integer({ min: 0, max: 59 });

describe('the times at which a batch job is due', () => {
  it('follow the clock of the time zone through a change', () => {
    // Summer time in Berlin: 29 March to 25 October 2026.
    expect(due('0 6 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T04:00:00.000Z',
    );
    expect(due('0 6 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe(
      '2026-10-25T05:00:00.000Z',
    );
  });

  it('do not include the moment itself', () => {
    expect(due('0 6 * * *', 'UTC', '2026-01-01T06:00:00Z')).toBe(
      '2026-01-02T06:00:00.000Z',
    );
    expect(due('0 6 * * *', 'UTC', '2026-01-01T05:59:59Z')).toBe(
      '2026-01-01T06:00:00.000Z',
    );
  });

  it('come once a day, at their time of the local clock, on the days around a change', () => {
    fc.assert(
      fc.property(changes, hours, minutes, ([timeZone, day], hour, minute) => {
        const job = { schedule: `${minute} ${hour} * * *`, timeZone };
        const wanted = `${String(hour).padStart(2, '0')}:${String(
          minute,
        ).padStart(2, '0')}`;
        const days: string[] = [];
        let last = at(`${day}T00:00:00Z`) - 60 * HOUR_MS;
        for (let count = 0; count < 6; count += 1) {
          const next = dueAfter(job, last);
          expect(next).toBeGreaterThan(last);
          days.push(new Date(next).toLocaleDateString('sv', { timeZone }));
          const shown = localTime(next, timeZone);
          // Where the change skips that time, it is due when the clock has passed it.
          const isPassed =
            localTime(next - MINUTE_MS, timeZone) < wanted && shown > wanted;
          expect(shown === wanted || isPassed).toBe(true);
          last = next;
        }
        const span = Date.parse(days[5]) - Date.parse(days[0]);
        expect([new Set(days).size, span]).toEqual([6, 5 * 24 * HOUR_MS]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse a schedule that never comes, and a batch that cannot be read', () => {
    const batch = { schedule: '0 0 31 2 *', input: 'rows.csv' };
    expect(() => batchJobOf({ provider: 'local', batch })).toThrow(
      'The schedule "0 0 31 2 *" has no valid time. Correct it in the entity.',
    );
    expect(() => batchJobOf({ batch: { schedule: 'daily' } })).toThrow(
      'The batch of a target needs',
    );
    expect(batchJobOf({ provider: 'local' })).toBeNull();
    expect(batchJobOf(undefined)).toBeNull();
  });
});
