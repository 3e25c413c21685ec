import type { EvidenceOf } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderVersion } from '@slipway/plugin-model-delivery-node';
import { sentence } from '@slipway/plugin-model-delivery-node/reports';

const NAMED = 3;

/** What a run measured, for versions without a report of their metrics. */
export function metricsEvidence(
  version: ProviderVersion,
): EvidenceOf<'metrics'> | undefined {
  if (version.metrics.length === 0) return undefined;
  const named = version.metrics
    .slice(0, NAMED)
    .map(({ name, value }) =>
      value === null
        ? `${name} is not known`
        : `${name} ${Number(value.toPrecision(3))}`,
    );
  return {
    kind: 'metrics',
    status: 'pass',
    summary: sentence(named.join(', ')),
    at: version.createdAt,
    runId: version.runId,
    metrics: version.metrics,
  };
}
