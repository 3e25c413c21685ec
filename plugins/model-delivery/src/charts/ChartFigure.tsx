import { Skeleton } from '@backstage/ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { PlainTable } from '../components';
import styles from './ChartFigure.module.css';
import { FigureHead } from './FigureHead';
import type { SignalChartProps } from './types';

const SignalChart = lazy(() => import('./SignalChart'));

/** A chart with its name, what it reads now, and the same as a table for who wants that. */
export function ChartFigure(props: {
  title: ReactNode;
  now?: ReactNode;
  about?: ReactNode;
  chart: SignalChartProps;
  /** What the first column of the table is. */
  xName: string;
  exactX?: (x: number) => string;
}) {
  const { chart } = props;
  const [table, setTable] = useState(false);
  return (
    <figure>
      <FigureHead
        title={props.title}
        now={props.now}
        label={chart.label}
        marks={chart.marks}
        table={table}
        onTable={setTable}
      />
      {props.about && <p className={styles.about}>{props.about}</p>}
      {table ? (
        <PlainTable
          className={styles.table}
          label={chart.label}
          columns={[props.xName, { label: 'Value', number: true }]}
          rows={[...chart.points].reverse().map(point => ({
            key: String(point.x),
            cells: [
              (props.exactX ?? chart.formatX)(point.x),
              point.y === null ? 'unknown' : chart.formatY(point.y),
            ],
          }))}
        />
      ) : (
        <LazyChart {...chart} />
      )}
    </figure>
  );
}

/** The chart library comes when the first chart does. */
export function LazyChart(props: SignalChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 180} />}>
      <SignalChart {...props} />
    </Suspense>
  );
}
