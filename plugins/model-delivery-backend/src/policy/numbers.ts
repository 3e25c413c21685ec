/** Numbers as reasons show them: at most four significant digits, a real minus. */
export function show(value: number): string {
  const rounded = Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(4)));
  return rounded.replace('-', '−');
}

export const showInterval = ([low, high]: readonly [number, number]): string =>
  `[${show(low)}, ${show(high)}]`;

/** A moment as sentences show it: `2026-01-01 00:30 UTC`. */
export const showTime = (iso: string): string =>
  `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in its biggest unit: `6 d`, `12 min`. */
export function showSpan(ms: number): string {
  const [unit, size] = UNITS.find(([, u]) => ms >= u) ?? UNITS[3];
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
}
