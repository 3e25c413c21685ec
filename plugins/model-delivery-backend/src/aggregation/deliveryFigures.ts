import type {
  DeliveryFigures,
  Figure,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Change } from '../database/FigureStore';

/** Fewer changes than this say nothing about a habit. */
export const MIN_CHANGES = 3;

const WEEK_MS = 7 * 86_400_000;

/**
 * Computes the figures of an environment. A figure without enough data has no value and says why.
 *
 * @param changes - of the window, in any order.
 */
export function deliveryFigures(
  changes: readonly Change[],
  window: { environment: string; from: string; to: string; limited: boolean },
): DeliveryFigures {
  const committed = changes.filter(change => change.committedAt !== null);
  const failed = changes.filter(change => change.wasRolledBack);
  const weeks = (Date.parse(window.to) - Date.parse(window.from)) / WEEK_MS;
  return {
    ...window,
    changesPerWeek: figure(changes.length, 'changes', () =>
      weeks > 0 ? changes.length / weeks : null,
    ),
    leadTimeSeconds: figure(
      committed.length,
      'changes with a known commit time',
      () =>
        median(
          committed.map(change =>
            Math.max(0, seconds(change.committedAt!, change.liveAt)),
          ),
        ),
    ),
    failedShare: figure(
      changes.length,
      'changes',
      () => failed.length / changes.length,
    ),
    restoreSeconds: figure(failed.length, 'roll backs', () =>
      median(failed.map(change => seconds(change.liveAt, change.endedAt!))),
    ),
  };
}

function figure(
  n: number,
  counted: string,
  compute: () => number | null,
): Figure {
  return n < MIN_CHANGES
    ? {
        value: null,
        n,
        reason: `Not enough data: ${n} of ${MIN_CHANGES} ${counted}.`,
      }
    : { value: compute(), n, reason: null };
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
