import type { Change } from '../database/FigureStore';
import { deliveryFigures } from './deliveryFigures';

const at = (day: number, hour = 0) =>
  new Date(Date.UTC(2026, 0, day, hour)).toISOString();
const change = (day: number, more: Partial<Change> = {}): Change => ({
  liveAt: at(day),
  endedAt: null,
  wasRolledBack: false,
  committedAt: at(day - 1),
  ...more,
});
const window = {
  environment: 'production',
  from: at(1),
  to: at(29),
  limited: false,
};
const rolledBack = (day: number, hours: number) =>
  change(day, { wasRolledBack: true, endedAt: at(day, hours) });

describe('delivery figures', () => {
  it('are changes a week, medians and the share that was rolled back', () => {
    expect(
      deliveryFigures(
        [
          change(2, { committedAt: at(2, -2) }),
          rolledBack(5, 1),
          rolledBack(6, 3),
          rolledBack(8, 12),
        ],
        window,
      ),
    ).toEqual({
      ...window,
      changesPerWeek: { value: 1, n: 4, reason: null },
      leadTimeSeconds: { value: 86_400, n: 4, reason: null },
      failedShare: { value: 0.75, n: 4, reason: null },
      restoreSeconds: { value: 3 * 3_600, n: 3, reason: null },
    });
  });

  it('take the mean of the two in the middle as the median of an even number', () => {
    const committedBefore = [1, 2, 4, 9].map((hours, index) =>
      change(index + 2, { committedAt: at(index + 2, -hours) }),
    );
    expect(deliveryFigures(committedBefore, window).leadTimeSeconds.value).toBe(
      3 * 3_600,
    );
  });

  it('have no value and a reason where there is too little data', () => {
    const figures = deliveryFigures(
      [change(2), change(3, { committedAt: null }), rolledBack(4, 1)],
      window,
    );
    expect(figures.changesPerWeek.value).toBe(0.75);
    expect(figures.leadTimeSeconds).toEqual({
      value: null,
      n: 2,
      reason: 'Not enough data: 2 of 3 changes with a known commit time.',
    });
    expect(figures.restoreSeconds).toEqual({
      value: null,
      n: 1,
      reason: 'Not enough data: 1 of 3 roll backs.',
    });
  });

  it('never have a lead time below zero where clocks differ', () => {
    const early = [2, 3, 4].map(day =>
      change(day, { committedAt: at(day, 1) }),
    );
    expect(deliveryFigures(early, window).leadTimeSeconds.value).toBe(0);
  });
});
