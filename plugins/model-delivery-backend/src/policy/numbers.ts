/** Numbers as reasons show them: at most four significant digits, a real minus. */
export function show(value: number): string {
  const rounded = Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(4)));
  return rounded.replace('-', '−');
}

export const showInterval = ([low, high]: readonly [number, number]): string =>
  `[${show(low)}, ${show(high)}]`;
