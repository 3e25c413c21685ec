import type { Reading } from '@slipway/plugin-model-delivery-common';
import type { Counters } from './counters';
import { psi } from './psi';
import { type Reference, referenceBins, windowBins } from './reference';

type Part = Reading['parts'][number];

/**
 * Drift of each feature over windows, newest first. One window over its limit may be chance; two
 * in a row are drift.
 */
export function driftParts(reference: Reference, windows: Counters[]): Part[] {
  const [newest, before] = windows;
  return Object.entries(reference.features).map(([name, distribution]) => {
    const of = (counted: Counters) =>
      psi(referenceBins(distribution), windowBins(name, distribution, counted));
    const value = of(newest);
    return {
      name,
      value,
      limit: distribution.limit,
      drifted:
        value > distribution.limit &&
        before !== undefined &&
        of(before) > distribution.limit,
    };
  });
}

/** The feature that is furthest beyond what chance gives it. */
export function worstPart(parts: Part[]): Part | undefined {
  const ratio = ({ value, limit }: Part) => (value ?? 0) / (limit ?? 1);
  return parts.reduce<Part | undefined>(
    (worst, part) =>
      worst === undefined || ratio(part) > ratio(worst) ? part : worst,
    undefined,
  );
}
