import type { BatchRunRow } from '../database/BatchStore';
import { type BatchFacts, readBatch } from './batchReadings';

const at = (time: string) => Date.parse(`2026-01-${time}:00Z`);
const MINUTE_MS = 60_000;
let seq = 0;

/** Runs are written down oldest first. */
const run = (
  day: string,
  status: BatchRunRow['status'],
  more: Partial<BatchRunRow> = {},
): BatchRunRow => ({
  seq: (seq += 1),
  id: `r${seq}`,
  environment_key: 'default/m/production',
  deployment_id: 'd',
  version: '0.1.0',
  due_at: `2026-01-${day}T06:00:00.000Z`,
  status,
  started_at: `2026-01-${day}T06:00:00.000Z`,
  finished_at: `2026-01-${day}T06:01:00.000Z`,
  rows_in: status === 'passed' ? 200 : null,
  rows_out: status === 'passed' ? 190 : null,
  rejected: status === 'passed' ? 10 : null,
  message: status === 'failed' ? 'The data is invalid.' : null,
  log: '[]',
  ...more,
});

const facts = (
  runs: BatchRunRow[],
  now: string,
  more: Partial<BatchFacts> = {},
): BatchFacts => ({
  job: { schedule: '0 6 * * *', timeZone: 'UTC', input: 'rows.csv' },
  version: '0.1.0',
  nextDueAt: '2026-01-10T06:00:00.000Z',
  runs: [...runs].reverse(),
  lastPassed: runs.findLast(({ status }) => status === 'passed'),
  now: at(now),
  graceMs: 15 * MINUTE_MS,
  ...more,
});

const alertsOf = (given: BatchFacts) =>
  readBatch('freshness', given).alerts ?? [];

describe('the monitors of a batch job', () => {
  it('know nothing before a run of the live version has ended, whatever another one did', () => {
    const given = facts(
      [
        run('08', 'failed', { version: '0.0.9' }),
        run('09', 'passed', { version: '0.0.9' }),
        run('09', 'running'),
      ],
      '09T07:00',
    );
    for (const signal of ['errors', 'rows-in', 'rows-out'] as const) {
      expect(readBatch(signal, given)).toEqual({
        value: null,
        insufficient: true,
        reason: 'No run of 0.1.0 has ended yet.',
        parts: [],
      });
    }
    // Its output is as fresh as that of the version before.
    expect(readBatch('freshness', given).value).toBe(59 * 60);
  });

  it('do not count interrupted runs as failures', () => {
    const given = facts(
      [
        run('07', 'passed'),
        run('08', 'interrupted'),
        run('08', 'failed'),
        run('09', 'passed'),
      ],
      '09T07:00',
    );
    expect(readBatch('errors', given)).toMatchObject({
      value: 1 / 3,
      reason: '1 of 3 runs failed; the last failure: The data is invalid.',
    });
  });

  it('tell the rows of the last run that passed', () => {
    const given = facts([run('08', 'passed'), run('09', 'failed')], '09T07:00');
    expect(readBatch('rows-in', given).value).toBe(200);
    expect(readBatch('rows-out', given)).toMatchObject({
      value: 0.95,
      reason: '10 of 200 rows were rejected',
    });
  });

  it('know no share of no rows', () => {
    const none = run('09', 'passed', { rows_in: 0, rows_out: 0, rejected: 0 });
    expect(readBatch('rows-in', facts([none], '09T07:00')).value).toBe(0);
    expect(readBatch('rows-out', facts([none], '09T07:00'))).toMatchObject({
      value: null,
      insufficient: true,
      reason: 'The last run read no rows.',
    });
  });

  it.each([
    ['10T05:59', false],
    ['10T06:14', false],
    ['10T06:15', true],
  ])(
    'at %s, with a run due at 06:00 that has not begun: overdue %s',
    (now, overdue) => {
      const alerts = alertsOf(facts([run('09', 'passed')], now));
      expect(alerts.length > 0).toBe(overdue);
    },
  );

  it('name the oldest time that was missed, since when it is overdue, and why', () => {
    const given = facts(
      [run('07', 'passed'), run('08', 'failed'), run('09', 'failed')],
      '09T08:00',
    );
    expect(alertsOf(given)).toEqual([
      expect.objectContaining({
        severity: 'critical',
        state: 'firing',
        summary:
          'No run has passed since one was due at 2026-01-08T06:00Z. The last run failed: The data is invalid.',
        since: '2026-01-08T06:15:00.000Z',
      }),
    ]);
  });

  it('are overdue without any run that passed, and the value stays unknown', () => {
    const given = facts([run('09', 'failed')], '09T07:00');
    expect(readBatch('freshness', given)).toMatchObject({
      value: null,
      insufficient: true,
      alerts: [expect.objectContaining({ name: 'overdue' })],
    });
  });

  it('allow a run no more time than until the next one is due', () => {
    const given = facts([], '10T06:05', {
      job: { schedule: '*/5 * * * *', timeZone: 'UTC', input: 'rows.csv' },
    });
    expect(alertsOf(given)).toHaveLength(1);
    expect(alertsOf({ ...given, now: at('10T06:04') })).toEqual([]);
  });

  it('refuse signals that a job does not have', () => {
    expect(() => readBatch('latency', facts([], '09T07:00'))).toThrow(
      'A batch job has no latency on this machine; it has errors, freshness, rows-in, rows-out.',
    );
  });
});
