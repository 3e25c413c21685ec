/** How often something is asked again while it moves, and while it rests. */
export const MOVING_MS = 2000;
export const RESTING_MS = 30_000;

/** The interval for an answer, by whether it says that something moves. */
export function pollEvery<T>(moves?: (answer: T) => boolean) {
  return (query: { state: { data: T | undefined } }) =>
    query.state.data !== undefined && moves?.(query.state.data)
      ? MOVING_MS
      : RESTING_MS;
}
