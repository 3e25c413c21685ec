import type { Buckets } from './counters';

/**
 * A quantile of a histogram, as Prometheus estimates it: linear within the bucket. In the last,
 * open bucket it is the greatest edge, since no more is known.
 *
 * @param share - from 0 to 1.
 * @returns null for an empty histogram.
 */
export function quantile(buckets: Buckets, share: number): number | null {
  const sorted = Object.entries(buckets)
    .map(([le, count]) => ({
      edge: le === '+Inf' ? Infinity : Number(le),
      count,
    }))
    .sort((a, b) => a.edge - b.edge);
  const total = sorted.at(-1)?.count ?? 0;
  if (total <= 0) return null;
  const rank = share * total;
  const index = sorted.findIndex(({ count }) => count >= rank);
  const { edge, count } = sorted[index];
  const lower = sorted[index - 1] ?? { edge: 0, count: 0 };
  if (edge === Infinity) return lower.edge;
  if (count === lower.count) return edge;
  return (
    lower.edge +
    ((edge - lower.edge) * (rank - lower.count)) / (count - lower.count)
  );
}
