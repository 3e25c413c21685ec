const EVERY_MS = 20;

/** The most memory that this process held while something went on, in MB, and what it held before. */
export async function withPeakMemory<T>(
  work: () => Promise<T>,
): Promise<{ result: T; beforeMb: number; peakMb: number }> {
  globalThis.gc?.();
  const held = () => process.memoryUsage.rss() / 1024 ** 2;
  const beforeMb = held();
  let peakMb = beforeMb;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, held());
  }, EVERY_MS);
  try {
    return { result: await work(), beforeMb, peakMb };
  } finally {
    clearInterval(timer);
    peakMb = Math.max(peakMb, held());
  }
}
