const MINUS = '−';

/** A number as people read it: grouped, with a real minus. */
export function formatNumber(
  value: number,
  digits: { min?: number; max?: number } = {},
): string {
  return value
    .toLocaleString('en-US', {
      minimumFractionDigits: digits.min ?? 0,
      maximumFractionDigits: digits.max ?? 3,
    })
    .replace('-', MINUS);
}

/** A difference: always with its sign, never "−0". */
export function formatDelta(value: number, max = 3): string {
  const text = formatNumber(value, { min: max, max });
  if (Number(value.toFixed(max)) === 0) {
    return formatNumber(0, { min: max, max });
  }
  return value > 0 ? `+${text}` : text;
}

export function formatInterval([low, high]: [number, number], max = 3): string {
  return `[${formatNumber(low, { min: max, max })}, ${formatNumber(high, {
    min: max,
    max,
  })}]`;
}

/** How many decimals tell values of this size apart. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100) return 0;
  return size >= 10 ? 1 : 3;
}

/** A metric's value with its unit after a thin gap. */
export function formatMetric(
  value: number | null,
  unit?: string | null,
): string {
  if (value === null) return 'unknown';
  const decimals = decimalsFor(value);
  const text = formatNumber(value, { min: decimals, max: decimals });
  return unit && unit !== '1' && unit !== 'ratio'
    ? `${text}\u2009${unit}`
    : text;
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < BYTES.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${formatNumber(size, { max: size < 10 && unit > 0 ? 1 : 0 })}\u2009${
    BYTES[unit]
  }`;
}

/** `3 monitors`, `1 monitor`. */
export function count(
  n: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}
