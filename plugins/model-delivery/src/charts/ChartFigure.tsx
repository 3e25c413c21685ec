import {
  ButtonIcon,
  Menu,
  MenuItem,
  MenuTrigger,
  Skeleton,
} from '@backstage/ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Icon, PlainTable } from '../components';
import styles from './ChartFigure.module.css';
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
      <div className={styles.head}>
        {props.title}
        <span className={styles.menu}>{props.now}</span>
        <MenuTrigger>
          <ButtonIcon
            size="small"
            variant="tertiary"
            aria-label={`More about ${chart.label}`}
            icon={<Icon name="more" />}
          />
          <Menu>
            <MenuItem onAction={() => setTable(!table)}>
              {table ? 'Show as chart' : 'Show as table'}
            </MenuItem>
          </Menu>
        </MenuTrigger>
      </div>
      {props.about && <p className={styles.about}>{props.about}</p>}
      {table ? (
        <div className={styles.table}>
          <PlainTable
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
        </div>
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
