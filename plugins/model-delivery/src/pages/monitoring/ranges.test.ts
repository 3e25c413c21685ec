import { rangeMs, usualRange } from './ranges';

const NOW = Date.UTC(2026, 0, 1, 12);
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const live = (minutes: number) => ({
  live: { since: ago(minutes) },
  previous: null,
});

describe('usualRange', () => {
  it('is an hour', () => {
    expect(usualRange(live(10), NOW)).toBe('1h');
    expect(rangeMs('1h')).toBe(3_600_000);
    expect(usualRange({ live: null, previous: null }, NOW)).toBe('1h');
  });

  it('is shorter for what was first live a moment ago', () => {
    expect(usualRange(live(9), NOW)).toBe('10m');
  });

  it('counts what was live before', () => {
    const previous = { from: ago(90) };
    expect(usualRange({ ...live(2), previous }, NOW)).toBe('1h');
  });
});
