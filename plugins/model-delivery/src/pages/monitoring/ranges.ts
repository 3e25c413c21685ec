const HOUR = 3_600_000;

/** The stretches of time that all charts of the page show together. */
export const RANGES = [
  { value: '1h', label: '1 h', ms: HOUR },
  { value: '24h', label: '24 h', ms: 24 * HOUR },
  { value: '7d', label: '7 d', ms: 7 * 24 * HOUR },
] as const;
export type RangeName = (typeof RANGES)[number]['value'];

export const rangeMs = (name: RangeName): number =>
  RANGES.find(range => range.value === name)?.ms ?? HOUR;

/** Four marks between the ends. */
export const rangeTicks = (from: number, to: number): number[] =>
  [0.1, 0.37, 0.63, 0.9].map(part => from + part * (to - from));
