import type { FreezeWindow } from '@slipway/plugin-model-delivery-common/schema';
import { freezeWindow } from '@slipway/plugin-model-delivery-common/schema';
import { freezeAt } from './freezeAt';

const berlin = { timeZone: 'Europe/Berlin', reason: 'Night' };
const nights: FreezeWindow = { cron: '0 18 * * *', duration: '12h', ...berlin };
const holidays: FreezeWindow = {
  from: '2026-12-20T00:00',
  to: '2027-01-04T00:00',
  timeZone: 'Europe/Berlin',
  reason: 'Holidays',
};
const at = (iso: string, ...windows: FreezeWindow[]) =>
  freezeAt(windows, new Date(iso));

describe('the freeze windows of an environment', () => {
  it('are none where none is declared', () => {
    expect(at('2026-01-01T00:00:00Z')).toBeNull();
  });

  it('read dates in their own time zone, and end when the last minute did', () => {
    const current = { until: '2027-01-03T23:00:00.000Z', reason: 'Holidays' };
    expect(at('2026-12-19T22:59:59Z', holidays)).toEqual({
      current: null,
      nextAt: '2026-12-19T23:00:00.000Z',
      problem: null,
    });
    expect(at('2026-12-19T23:00:00Z', holidays)).toEqual({
      current,
      nextAt: null,
      problem: null,
    });
    expect(at('2027-01-03T22:59:59Z', holidays)?.current).toEqual(current);
    expect(at('2027-01-03T23:00:00Z', holidays)).toEqual({
      current: null,
      nextAt: null,
      problem: null,
    });
  });

  it('recur by cron in local time, on both sides of a change of the clock', () => {
    expect(at('2026-03-27T16:59:59Z', nights)).toMatchObject({
      current: null,
      nextAt: '2026-03-27T17:00:00.000Z',
    });
    expect(at('2026-03-27T17:00:00Z', nights)?.current).toEqual({
      until: '2026-03-28T05:00:00.000Z',
      reason: 'Night',
    });
    // Summer time began on 29 March 2026.
    expect(at('2026-03-30T10:00:00Z', nights)?.nextAt).toBe(
      '2026-03-30T16:00:00.000Z',
    );
  });

  it('are one freeze where they overlap or meet', () => {
    const morning: FreezeWindow = {
      cron: '0 6 * * *',
      duration: '2h',
      timeZone: 'Europe/Berlin',
      reason: 'Morning load',
    };
    expect(at('2026-01-10T20:00:00Z', nights, morning)?.current).toEqual({
      until: '2026-01-11T07:00:00.000Z',
      reason: 'Night',
    });
    expect(at('2026-12-24T20:00:00Z', nights, holidays)?.current).toEqual({
      until: '2027-01-04T05:00:00.000Z',
      reason: 'Night; Holidays',
    });
  });

  it('name the window that cannot be worked out, instead of ignoring it', () => {
    const never = { ...nights, cron: '0 0 31 2 *' };
    expect(freezeWindow.safeParse(never).success).toBe(true);
    expect(at('2026-01-01T00:00:00Z', holidays, never)).toEqual({
      current: null,
      nextAt: null,
      problem:
        'The freeze window "0 0 31 2 *" has no valid time. Correct it in the entity.',
    });
    const noDay = { ...holidays, from: '2026-02-30T00:00' };
    expect(at('2026-01-01T00:00:00Z', noDay)?.problem).toContain(
      '"2026-02-30T00:00"',
    );
  });
});

describe('the schema of a freeze window', () => {
  it.each([
    [{ ...nights, cron: '0 18 * * fri' }],
    [{ ...nights, cron: '*/15 8-18 1,15 jan-mar mon-fri' }],
    [holidays],
  ])('takes %j', window => {
    expect(freezeWindow.safeParse(window).success).toBe(true);
  });

  it.each([
    [{ ...nights, cron: '61 18 * * *' }],
    [{ ...nights, cron: '0 18 * *' }],
    [{ ...nights, cron: '0 0 18 * * *' }],
    [{ ...nights, timeZone: 'Mars/Olympus' }],
    [{ ...nights, duration: '0h' }],
    [{ ...holidays, to: holidays.from }],
    [{ ...holidays, reason: ' ' }],
    [{ ...holidays, from: '2026-12-20' }],
  ])('refuses %j', window => {
    expect(freezeWindow.safeParse(window).success).toBe(false);
  });
});
