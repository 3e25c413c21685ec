const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The stretches of time that all charts of the page show together. */
export const RANGES = [
  { value: '10m', label: '10 min', ms: 10 * MINUTE },
  { value: '1h', label: '1 h', ms: HOUR },
  { value: '24h', label: '24 h', ms: 24 * HOUR },
  { value: '7d', label: '7 d', ms: 7 * 24 * HOUR },
] as const;
export type RangeName = (typeof RANGES)[number]['value'];

export const rangeMs = (name: RangeName): number =>
  RANGES.find(range => range.value === name)?.ms ?? HOUR;

/** An hour, but where nothing was live ten minutes ago: most of that would be a gap. */
export const usualRange = (
  environment: {
    live: { since: string } | null;
    previous: { from: string } | null;
  },
  now: number,
): RangeName => {
  const { live, previous } = environment;
  const since = previous?.from ?? live?.since;
  return since && now - Date.parse(since) < rangeMs('10m') ? '10m' : '1h';
};

/** Four marks between the ends. */
export const rangeTicks = (from: number, to: number): number[] =>
  [0.1, 0.37, 0.63, 0.9].map(part => from + part * (to - from));
