/** Of the normal distribution: 95 % are below the one, and between the other and its negative. */
const ONE_SIDED = 1.645;
export const TWO_SIDED = 1.96;

export interface Proportion {
  hits: number;
  of: number;
}

/**
 * Whether one proportion exceeds another by more than a limit, and chance does not explain it: the lower
 * bound of Newcombe's interval of the difference, made of Wilson's intervals, is above the limit.
 */
export function isAbove(a: Proportion, b: Proportion, limit: number): boolean {
  const [p, q] = [a.hits / a.of, b.hits / b.of];
  const low = p - wilson(a, ONE_SIDED).low;
  const high = wilson(b, ONE_SIDED).high - q;
  return p - q - Math.hypot(low, high) > limit;
}

/** Wilson's interval of a proportion. */
export function wilson(
  { hits, of }: Proportion,
  z: number,
): { low: number; high: number } {
  const p = hits / of;
  const scale = 1 + z ** 2 / of;
  const centre = (p + z ** 2 / (2 * of)) / scale;
  const half =
    (z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))) / scale;
  return { low: centre - half, high: centre + half };
}
