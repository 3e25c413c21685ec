/** One-sided, 95 %. */
const Z = 1.645;

interface Proportion {
  hits: number;
  of: number;
}

/**
 * Whether one proportion exceeds another by more than a limit, and chance does not explain it: the lower
 * bound of Newcombe's interval of the difference, made of Wilson's intervals, is above the limit.
 */
export function isAbove(a: Proportion, b: Proportion, limit: number): boolean {
  const [p, q] = [a.hits / a.of, b.hits / b.of];
  const low = p - wilson(a).low;
  const high = wilson(b).high - q;
  return p - q - Math.hypot(low, high) > limit;
}

function wilson({ hits, of }: Proportion): { low: number; high: number } {
  const p = hits / of;
  const scale = 1 + Z ** 2 / of;
  const centre = (p + Z ** 2 / (2 * of)) / scale;
  const half =
    (Z * Math.sqrt((p * (1 - p)) / of + Z ** 2 / (4 * of ** 2))) / scale;
  return { low: centre - half, high: centre + half };
}
