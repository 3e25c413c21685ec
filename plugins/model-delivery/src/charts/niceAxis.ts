const STEPS = [1, 2, 2.5, 5, 10];

/** Round marks between two values, about four of them, and the axis that begins and ends on one. */
export function niceAxis(
  low: number,
  high: number,
  marks = 4,
): { domain: [number, number]; ticks: number[] } {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / marks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find(s => s * power >= rough) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { domain: [ticks[0], ticks[ticks.length - 1]], ticks };
}
