/**
 * The population stability index: how far a window of values is from a reference, over the same
 * bins. Half a count is added to each bin. Without a unit; 0 for equal shares, never negative.
 *
 * @throws RangeError where the bins do not match.
 */
export function psi(reference: number[], window: number[]): number {
  if (reference.length !== window.length) {
    throw new RangeError(
      `${reference.length} bins cannot be compared with ${window.length}`,
    );
  }
  const bins = reference.length;
  const total = (counts: number[]) =>
    counts.reduce((sum, count) => sum + count, 0) + 0.5 * bins;
  const referenceTotal = total(reference);
  const windowTotal = total(window);
  return reference.reduce((sum, count, bin) => {
    const p = (count + 0.5) / referenceTotal;
    const q = (window[bin] + 0.5) / windowTotal;
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}
