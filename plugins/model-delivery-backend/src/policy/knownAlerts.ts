import type {
  Monitor,
  Reading,
} from '@slipway/plugin-model-delivery-common/schema';

/**
 * A reading whose alerts could not be loaded keeps those that were known last, and says since when
 * nothing newer is known.
 *
 * @param why - in a sentence; undefined where its alerts were read.
 */
export function withKnownAlerts(
  reading: Reading,
  before: Monitor | undefined,
  why: string | undefined,
): Reading {
  if (why === undefined) return reading;
  const last = before?.reading;
  return {
    ...reading,
    alerts: last?.alerts ?? [],
    alertsUnknown: {
      since: last?.alertsUnknown?.since ?? reading.at,
      reason: why,
    },
  };
}
