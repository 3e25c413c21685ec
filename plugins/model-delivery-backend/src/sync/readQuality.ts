import {
  type QualitySpec,
  type Reading,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  MonitorProvider,
  MonitorTarget,
  ProviderContext,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { secondsOf } from '../policy/duration';
import { qualityReading } from '../policy/quality';
import { parseLabelled } from '../providers/labels';

/** The newest labels of a window count; more would change little. */
const LABELS_AT_MOST = 2_000;

/** A provider that keeps labels. */
export type LabelKeeper = MonitorProvider &
  Required<Pick<MonitorProvider, 'getLabelled'>>;

export const keepsLabels = (
  provider: MonitorProvider,
): provider is LabelKeeper => provider.getLabelled !== undefined;

/**
 * Works the quality of the live version out of its labels.
 *
 * @param version - live in the environment; undefined where nothing is.
 * @throws ProviderError
 */
export async function readQuality(
  provider: LabelKeeper,
  { monitor, ...model }: MonitorTarget,
  quality: QualitySpec,
  version: string | undefined,
  now: Date,
  context: ProviderContext,
): Promise<{ reading: Reading; missing?: ProviderError }> {
  const at = now.toISOString();
  const common = { parts: [], version: version ?? null };
  if (version === undefined) {
    return {
      reading: readingSchema.parse({
        ...common,
        at,
        value: null,
        insufficient: true,
        reason: `Nothing is live in ${monitor.environment}.`,
      }),
    };
  }
  const since = now.getTime() - secondsOf(quality.window) * 1_000;
  const answer = await provider.getLabelled(
    { ...model, target: monitor.source, environment: monitor.environment },
    { since: new Date(since).toISOString(), limit: LABELS_AT_MOST },
    context,
  );
  const { rows, missing } = parseLabelled(provider, answer);
  const own = rows.filter(row => row.version === version);
  return {
    reading: readingSchema.parse({
      ...common,
      ...qualityReading(quality, own, at),
    }),
    missing,
  };
}
