import type { LiveInterval } from '@slipway/plugin-model-delivery-common';

/** What a roll back may choose from: each version once, by when it was last live; not the live one. */
export function backTo(
  intervals: LiveInterval[],
  live: string | null,
): LiveInterval[] {
  const seen = new Set(live === null ? [] : [live]);
  return intervals.filter(interval => {
    if (seen.has(interval.version)) return false;
    seen.add(interval.version);
    return true;
  });
}
