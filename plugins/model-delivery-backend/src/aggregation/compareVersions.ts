import type {
  Evidence,
  EvidenceOf,
  Metric,
  Version,
  VersionComparison,
} from '@slipway/plugin-model-delivery-common/schema';

type Versioned = Version & { evidence: Evidence[] };
type MetricRow = VersionComparison['metrics'][number];
type Reads = MetricRow['values'][number]['reads'];

/** Puts versions side by side. The first is what the others are compared with. Pure. */
export function compareVersions(versions: Versioned[]): VersionComparison {
  const metrics = metricRows(versions);
  const params = paramRows(versions);
  return {
    versions,
    metrics,
    params,
    summary: summarize(versions, metrics, params),
  };
}

function metricRows(versions: Versioned[]): MetricRow[] {
  const names = [...new Set(versions.flatMap(v => v.metrics.map(m => m.name)))];
  return names.map(name => {
    const all = versions.map(v => v.metrics.find(m => m.name === name));
    const some = all.find(m => m !== undefined);
    const direction = some?.direction ?? 'max';
    return {
      name,
      unit: some?.unit ?? null,
      direction,
      values: versions.map((version, index) => {
        const value = all[index]?.value ?? null;
        const base = all[0]?.value ?? null;
        const paired =
          index === 0 ? null : pairedRow(version, versions[0], name);
        return {
          version: version.version,
          value,
          ci: all[index]?.ci ?? null,
          delta:
            index === 0 || value === null || base === null
              ? null
              : value - base,
          pairedCi: paired,
          reads:
            index === 0
              ? 'no-difference'
              : reads(direction, value, base, paired, all[0], all[index]),
        };
      }),
    };
  });
}

/** The paired interval, where the one version's evaluation had the other as its baseline. */
function pairedRow(
  version: Versioned,
  base: Versioned,
  name: string,
): [number, number] | null {
  const find = (v: Versioned) =>
    v.evidence.find(
      (e): e is EvidenceOf<'evaluation'> => e.kind === 'evaluation',
    );
  const forward = find(version);
  if (forward?.baseline.version === base.version) {
    return forward.overall.find(o => o.metric === name)?.pairedCi ?? null;
  }
  const backward = find(base);
  if (backward?.baseline.version === version.version) {
    const ci = backward.overall.find(o => o.metric === name)?.pairedCi;
    return ci ? [-ci[1], -ci[0]] : null;
  }
  return null;
}

/**
 * What the numbers prove. Without a paired comparison, two intervals that do not overlap prove a
 * difference; two that do prove nothing.
 */
function reads(
  direction: Metric['direction'],
  value: number | null,
  base: number | null,
  paired: [number, number] | null,
  baseMetric: Metric | undefined,
  metric: Metric | undefined,
): Reads {
  if (value === null || base === null) return 'not-proved';
  const sign = direction === 'max' ? 1 : -1;
  if (paired) {
    if (paired[0] <= 0 && paired[1] >= 0) return 'no-difference';
    return sign * paired[0] > 0 ? 'better' : 'worse';
  }
  if (value === base) return 'no-difference';
  if (!metric?.ci || !baseMetric?.ci) return 'not-proved';
  const apart =
    metric.ci[0] > baseMetric.ci[1] || metric.ci[1] < baseMetric.ci[0];
  if (!apart) return 'not-proved';
  return sign * (value - base) > 0 ? 'better' : 'worse';
}

function paramRows(versions: Versioned[]): VersionComparison['params'] {
  const names = [
    ...new Set(versions.flatMap(v => Object.keys(v.params))),
  ].sort();
  return names.map(name => {
    const values = versions.map(v => v.params[name] ?? null);
    const first = JSON.stringify(values[0]);
    return {
      name,
      values,
      differs: values.some(value => JSON.stringify(value) !== first),
    };
  });
}

function summarize(
  versions: Versioned[],
  metrics: MetricRow[],
  params: VersionComparison['params'],
): string {
  const last = versions.length - 1;
  const named = (what: Reads) =>
    metrics
      .filter(m => m.values[last].reads === what)
      .map(m => m.name.replaceAll('_', ' '));
  const parts: string[] = [];
  const better = named('better');
  const worse = named('worse');
  const level = named('no-difference');
  const open = named('not-proved');
  if (better.length) parts.push(`better on ${better.join(', ')}`);
  if (worse.length) parts.push(`worse on ${worse.join(', ')}`);
  if (level.length) parts.push(`level on ${level.join(', ')}`);
  if (open.length) parts.push(`not proved either way on ${open.join(', ')}`);
  const differing = params.filter(p => p.differs).length;
  parts.push(
    differing === 0
      ? 'with the same parameters'
      : `with ${differing} of ${params.length} parameters changed`,
  );
  if (versions[0].datasetDigest !== versions[last].datasetDigest) {
    parts.push('on other training data');
  }
  return `${versions[last].version} against ${versions[0].version}: ${parts.join(', ')}.`;
}
