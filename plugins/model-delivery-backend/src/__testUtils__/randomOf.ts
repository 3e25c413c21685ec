/** A small generator of numbers from 0 to 1, so that a failing run can be repeated. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) % 2 ** 32;
    return (state >>> 0) / 2 ** 32;
  };
}
