import { formatDelta, formatInterval, formatMetric } from './numbers';
import { personName, shortSha } from './names';
import { formatReading, formatThreshold } from './signals';
import { formatSpan, relativeTime, roundSpan } from './time';

describe('numbers', () => {
  it('writes a real minus, and never minus zero', () => {
    expect(formatDelta(-0.004)).toBe('−0.004');
    expect(formatDelta(0.021)).toBe('+0.021');
    expect(formatDelta(-0.0001)).toBe('0.000');
    expect(formatInterval([-0.012, 0.004])).toBe('[−0.012, 0.004]');
  });

  it('never writes unknown as a number', () => {
    expect(formatMetric(null)).toBe('unknown');
    expect(formatReading(null, 's')).toBe('unknown');
  });

  it('writes readings in the unit that people think in', () => {
    expect(formatReading(0.041, 's')).toBe('41\u2009ms');
    expect(formatReading(0.0003, 'ratio')).toBe('0.03\u2009%');
    expect(formatThreshold({ above: 0.5 }, 's')).toBe('>\u00a0500\u2009ms');
    expect(formatThreshold(null, 's')).toBe('–');
  });
});

describe('time', () => {
  const now = Date.parse('2026-11-23T14:32:00Z');
  it.each([
    ['2026-11-23T14:31:58Z', 'just now'],
    ['2026-11-23T14:20:08Z', '11 min ago'],
    ['2026-11-17T10:06:41Z', '6 d ago'],
    ['2026-11-23T14:37:00Z', 'in 5 min'],
  ])('says of %s %s', (at, words) => {
    expect(relativeTime(at, now)).toBe(words);
  });

  it('says a second unit where it tells something', () => {
    expect(formatSpan(522_000)).toBe('8 min 42 s');
    expect(formatSpan(6 * 86_400_000 + 22 * 3_600_000)).toBe('6 d 22 h');
    expect(formatSpan(60_000)).toBe('1 min');
    expect(formatSpan(400)).toBe('0.4 s');
    expect(roundSpan(90_000)).toBe('1 min');
  });
});

describe('names', () => {
  it('shortens commits and digests', () => {
    expect(shortSha('3f2a9c1d00aa')).toBe('3f2a9c1');
    expect(shortSha(`sha256:9c1e${'0'.repeat(56)}b04f`)).toBe('9c1e…b04f');
  });

  it('names people, and the system by its name', () => {
    expect(personName('user:default/ada')).toBe('ada');
    expect(personName('system')).toBe('Slipway');
    expect(personName('Ada Lindqvist')).toBe('Ada Lindqvist');
  });
});
