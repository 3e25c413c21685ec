import { z } from 'zod';
import type { Buckets, Counters } from './counters';

const counts = z.array(z.number().min(0)).max(10_000);
const common = {
  counts,
  missing: z.number().min(0).default(0),
  /** PSI from which a window counts as drifted; worked out when the model was trained. */
  limit: z.number().positive(),
};
const distribution = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('numeric'),
    edges: z.array(z.number()),
    ...common,
  }),
  z.looseObject({
    kind: z.literal('categorical'),
    categories: z.array(z.string()),
    other: z.number().min(0).default(0),
    ...common,
  }),
]);
export type Distribution = z.infer<typeof distribution>;

/** `reference.json`: how features were distributed when the model was trained. */
export const referenceSchema = z.looseObject({
  minWindow: z.int().positive(),
  features: z.record(z.string(), distribution),
  prediction: distribution.nullish(),
});
export type Reference = z.infer<typeof referenceSchema>;

const OTHER = '__other__';

/** The counts of a reference in the order in which they are compared: missing last. */
export function referenceBins(reference: Distribution): number[] {
  return reference.kind === 'numeric'
    ? [...reference.counts, reference.missing]
    : [...reference.counts, reference.other, reference.missing];
}

/** What was counted of a feature, in the bins of its reference. */
export function windowBins(
  feature: string,
  reference: Distribution,
  counted: Counters,
): number[] {
  const missing = counted.missing[feature] ?? 0;
  if (reference.kind === 'numeric') {
    return [
      ...binsOf(counted.numbers[feature] ?? {}, reference.edges),
      missing,
    ];
  }
  const categories = counted.categories[feature] ?? {};
  const known = reference.categories.map(name => categories[name] ?? 0);
  const other = Object.entries(categories)
    .filter(([name]) => name === OTHER || !reference.categories.includes(name))
    .reduce((total, [, count]) => total + count, 0);
  return [...known, other, missing];
}

/** Cumulative buckets as one count a bin: bin i holds edges[i-1] < value <= edges[i]. */
function binsOf(buckets: Buckets, edges: number[]): number[] {
  const cumulative = new Map(
    Object.entries(buckets).map(([le, count]) => [
      le === '+Inf' ? Infinity : Number(le),
      count,
    ]),
  );
  let before = 0;
  return [...edges, Infinity].map(edge => {
    const upTo = cumulative.get(edge) ?? before;
    const count = Math.max(0, upTo - before);
    before = Math.max(before, upTo);
    return count;
  });
}
