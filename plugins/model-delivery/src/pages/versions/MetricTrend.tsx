import type {
  ModelDetail,
  Version,
} from '@slipway/plugin-model-delivery-common';
import { ChartFigure, type ChartPoint } from '../../charts';
import { FilterSelect, Region } from '../../components';
import { useUrlState } from '../../url';
import { decimalsFor, formatNumber, metricName, titleCase } from '../../words';
import { gateLimit, metricNames, metricOf } from './metrics';
import styles from './versions.module.css';

const LAST = 20;
const FEW = 8;
/** Labels of points that stand as near as this would lie over each other. */
const NEAR = 6;

/** One metric over the versions, with how sure it is and the limit that it must keep. */
export function MetricTrend(props: {
  model: ModelDetail;
  versions: Version[];
}) {
  const { model, versions } = props;
  const { params, set } = useUrlState();
  const names = metricNames(versions, model.primaryMetric);
  const chosen = params.get('metric');
  const metric = names.find(name => name === chosen) ?? names[0];
  const shown = versions.slice(0, LAST).reverse();
  const points = trendPoints(shown, metric);
  if (!metric || points.filter(point => point.y !== null).length < 2) {
    return null;
  }
  const limit = gateLimit(model, metric);
  const yDomain = domainOf(points, limit);
  const decimals = decimalsFor(yDomain[1]);
  const format = (y: number) =>
    formatNumber(y, { min: Math.min(2, decimals), max: decimals });
  return (
    <Region label="Trend">
      <ChartFigure
        title={<h2>{`${titleCase(metricName(metric))} over versions`}</h2>}
        now={
          <FilterSelect
            label="Metric"
            any={names[0] && metricName(names[0])}
            value={metric === names[0] ? null : metric}
            options={names.slice(1).map(name => ({
              value: name,
              label: metricName(name),
            }))}
            onChange={name => set({ metric: name })}
          />
        }
        xName="Version"
        chart={{
          label: `${metricName(metric)} of the last ${shown.length} versions`,
          points,
          dots: true,
          height: 220,
          xDomain: [-0.4, shown.length - 0.6],
          xTicks: shown.map((_, index) => index),
          formatX: index => shown[index]?.version ?? '',
          yDomain,
          formatY: format,
          limits:
            limit === undefined
              ? []
              : [
                  {
                    value: limit,
                    kind: 'critical',
                    word: `gate: ${formatNumber(limit)}`,
                  },
                ],
        }}
      />
      <p className={styles.small}>
        ● live · ○ not live · whisker: 95 % interval
        {yDomain[0] !== 0 && ' · the axis does not start at 0'}
      </p>
    </Region>
  );
}

function trendPoints(versions: Version[], name: string): ChartPoint[] {
  return versions.map((version, x) => {
    const metric = metricOf(version, name);
    return {
      x,
      y: metric?.value ?? null,
      interval: metric?.ci,
      solid: version.liveIn.length > 0,
      label: labelOf(version, versions.length),
      labelBelow: versions
        .slice(x + 1, x + 1 + NEAR)
        .some(next => labelOf(next, versions.length)),
    };
  });
}

/** Where many stand close together, only what is live is named. */
function labelOf(version: Version, beside: number): string | undefined {
  if (version.liveIn.length > 0) return version.liveIn.join(', ');
  return version.status === 'rejected' && beside <= FEW
    ? 'rejected'
    : undefined;
}

function domainOf(points: ChartPoint[], limit?: number): [number, number] {
  const values = [
    ...points.flatMap(({ y, interval }) => [
      ...(y === null ? [] : [y]),
      ...(interval ?? []),
    ]),
    ...(limit === undefined ? [] : [limit]),
  ];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = (high - low || Math.abs(high) || 1) * 0.15;
  return [low - margin, high <= 1 ? Math.min(1, high + margin) : high + margin];
}
