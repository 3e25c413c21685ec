import { DAY, history, NOW } from '../../__testUtils__/fixtures';
import { layoutTrack } from './layoutTrack';

describe('layoutTrack', () => {
  it('lays intervals end to end, the live one up to now', () => {
    const bars = layoutTrack(history.production, NOW - 30 * DAY, NOW);
    expect(bars.map(bar => bar.interval.version)).toEqual([
      '1.2.4',
      '1.3.0',
      '1.2.4',
      '1.3.1',
      '1.3.2',
    ]);
    expect(bars[0].start).toBe(0);
    expect(bars[4].end).toBe(100);
    bars.slice(1).forEach((bar, index) => {
      expect(bar.start).toBeCloseTo(bars[index].end, 5);
    });
    expect(bars[1].tiny).toBe(true);
  });

  it('says how something ended only where no other label is in the way', () => {
    const [interval] = history.production;
    const at = (days: number) => new Date(NOW - days * DAY).toISOString();
    const rolledBack = (from: number, to: number) => ({
      ...interval,
      from: at(from),
      to: at(to),
      endedBy: 'rolled-back' as const,
    });
    const labelled = layoutTrack(
      [rolledBack(29, 28), rolledBack(28, 27), rolledBack(10, 9)],
      NOW - 30 * DAY,
      NOW,
    ).map(bar => bar.labelled);
    expect(labelled).toEqual([false, true, true]);
  });

  it('leaves out what ended before', () => {
    const bars = layoutTrack(history.production, NOW - 7 * DAY, NOW);
    expect(bars.map(bar => bar.interval.version)).toEqual(['1.3.1', '1.3.2']);
    expect(bars[0].start).toBe(0);
  });
});
