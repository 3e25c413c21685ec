const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** @param duration - as an entity writes it: a number and s, m, h or d, such as `30m`. */
export function secondsOf(duration: string): number {
  return (
    Number(duration.slice(0, -1)) *
    SECONDS[duration.slice(-1) as keyof typeof SECONDS]
  );
}
