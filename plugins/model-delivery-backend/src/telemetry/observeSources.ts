import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { SourceDetail } from '@slipway/plugin-model-delivery-common/schema';

/** One collection asks for every instrument; they share what was read for the first. */
const SHARED_MS = 1_000;

/** How reading one source once went. */
export interface SourceReading {
  source: string;
  provider: string;
  capability: string;
  /** `ok`, `partial`, or the kind of the error. */
  outcome: string;
  seconds: number;
}

const labelsOf = ({ id, provider, capability }: SourceDetail) => ({
  source: id,
  provider,
  capability,
});

/**
 * Gives the numbers of the Sources page to OpenTelemetry, one series a source.
 *
 * @returns what counts a reading.
 */
export function observeSources(
  metrics: MetricsService,
  list: () => Promise<SourceDetail[]>,
  now: () => Date,
): (reading: SourceReading) => void {
  let shared: { at: number; items: Promise<SourceDetail[]> } | undefined;
  const items = () => {
    const at = now().getTime();
    if (!shared || at - shared.at > SHARED_MS) shared = { at, items: list() };
    return shared.items;
  };
  const observe = (
    name: string,
    description: string,
    unit: string,
    value: (source: SourceDetail) => number | null,
  ) => {
    metrics
      .createObservableGauge(`model_delivery.source.${name}`, {
        description,
        unit,
      })
      .addCallback(async result => {
        for (const source of await items()) {
          const observed = value(source);
          // What is not known is not reported, rather than as zero.
          if (observed !== null) result.observe(observed, labelsOf(source));
        }
      });
  };
  observe('models', 'Models that name the source', '{model}', s => s.models);
  observe(
    'due',
    'Models whose source is to be read now',
    '{model}',
    s => s.due,
  );
  observe(
    'failing',
    'Models whose source failed when it was read last',
    '{model}',
    s => s.failing,
  );
  observe('age', 'Time since the source last answered', 's', s =>
    s.fetchedAt === null
      ? null
      : Math.max(0, (now().getTime() - Date.parse(s.fetchedAt)) / 1000),
  );
  observe(
    'budget.remaining',
    "What is left of the outside system's allowance",
    '{request}',
    s => s.budget?.remaining ?? null,
  );
  const duration = metrics.createHistogram('model_delivery.source.read', {
    description: 'How long reading one source of one model took',
    unit: 's',
  });
  return ({ seconds, outcome, source, provider, capability }) =>
    duration.record(seconds, { source, provider, capability, outcome });
}
