import type {
  ModelDetail,
  Version,
} from '@slipway/plugin-model-delivery-common';

/** The metrics that some version has, the primary one first. */
export function metricNames(
  versions: Version[],
  primary: string | null,
): string[] {
  const names = new Set(versions.flatMap(v => v.metrics.map(m => m.name)));
  const rest = [...names].filter(name => name !== primary);
  return primary && names.has(primary) ? [primary, ...rest] : rest;
}

export const metricOf = (version: Version, name: string) =>
  version.metrics.find(metric => metric.name === name);

/** The limit that a gate sets to a metric; that of the last environment counts most. */
export function gateLimit(
  model: ModelDetail,
  metric: string,
): number | undefined {
  return model.environments
    .flatMap(environment => environment.spec.gates)
    .flatMap(gate => {
      if (!('metric' in gate) || gate.metric !== metric) return [];
      if ('min' in gate) return [gate.min];
      return 'max' in gate ? [gate.max] : [];
    })
    .pop();
}
