import type { VersionComparison } from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import {
  type ComparedMetric,
  type ComparedValue,
  decimalsFor,
  directionArrow,
  directionWords,
  formatDelta,
  formatInterval,
  formatMetric,
  metricName,
  reads,
} from '../../words';
import { ForestRow } from '../ForestRow';
import { type PlainColumn, PlainTable } from '../PlainTable';
import { Status } from '../Status';
import { Version } from '../Version';
import styles from './MetricTable.module.css';

/** The metrics of versions side by side; the first is what the others are held against. */
export function MetricTable(props: {
  comparison: VersionComparison;
  /** Draws the differences, where there is room. */
  forest?: boolean;
  /** What the first version is, such as `Live`. */
  firstWord?: string;
}) {
  const { comparison, forest, firstWord } = props;
  const [first, ...others] = comparison.versions.map(v => v.version);
  const columns: (string | PlainColumn)[] = [
    'Metric',
    {
      number: true,
      label: (
        <>
          {firstWord} <Version name={first} cut />
        </>
      ),
    },
    ...others.flatMap<string | PlainColumn>(version => [
      { number: true, label: <Version name={version} cut /> },
      { number: true, label: 'Difference' },
      ...(forest ? [{ label: <ForestEnds />, secondary: true }] : []),
      'Reads as',
    ]),
  ];
  return (
    <PlainTable
      label="Metrics compared"
      columns={columns}
      rows={comparison.metrics.map(metric => ({
        key: metric.name,
        cells: [
          <MetricName key="name" metric={metric} />,
          formatMetric(metric.values[0]?.value ?? null, metric.unit),
          ...others.flatMap(version =>
            comparedCells(metric, version, forest ?? false),
          ),
        ],
      }))}
    />
  );
}

function MetricName({ metric }: { metric: ComparedMetric }) {
  return (
    <>
      {metricName(metric.name)}{' '}
      <span
        className={styles.muted}
        role="img"
        aria-label={directionWords(metric.direction)}
      >
        {directionArrow(metric.direction)}
      </span>
    </>
  );
}

function ForestEnds() {
  return (
    <span className={styles.ends}>
      <span>worse</span>
      <span>0</span>
      <span>better</span>
    </span>
  );
}

function comparedCells(
  metric: ComparedMetric,
  version: string,
  forest: boolean,
): ReactNode[] {
  const value = metric.values.find(v => v.version === version);
  if (!value) return ['–', '–', ...(forest ? [''] : []), ''];
  return [
    formatMetric(value.value, metric.unit),
    <Difference key="difference" value={value} below={forest} />,
    ...(forest
      ? [<ForestRow key="forest" metric={metric} value={value} />]
      : []),
    <Status key="reads" look={reads(value.reads)} />,
  ];
}

function Difference(props: {
  value: ComparedValue;
  /** The interval goes below, where the line is needed for the drawing. */
  below: boolean;
}) {
  const { value, below } = props;
  if (value.delta === null) return <>–</>;
  const decimals = Math.max(1, decimalsFor(value.value ?? value.delta));
  return (
    <>
      {formatDelta(value.delta, decimals)}
      {value.pairedCi && (
        <span className={below ? styles.interval : styles.muted}>
          {' '}
          {formatInterval(value.pairedCi, decimals)}
        </span>
      )}
    </>
  );
}
