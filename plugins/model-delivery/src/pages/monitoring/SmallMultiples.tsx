import { Button } from '@backstage/ui';
import type {
  Monitor,
  MonitorSeries,
} from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { useState } from 'react';
import { FigureHead, LazyChart } from '../../charts';
import { Notice } from '../../components';
import { formatNumber } from '../../words';
import { chartOf, pointsOf, yDomain } from './chartOf';
import { MonitorNow } from './MonitorNow';
import { PartsTable } from './PartsTable';
import styles from './monitoring.module.css';
import { type Part, sortParts } from './sortParts';

const SHOWN = 8;

/** One small chart a feature or class, all on one scale, the worst first. */
export function SmallMultiples(props: {
  series: MonitorSeries;
  monitor: Monitor;
  syncId: string;
}) {
  const { series, monitor, syncId } = props;
  const [all, setAll] = useState(false);
  const [table, setTable] = useState(false);
  const parts = sortParts(series.lines, monitor);
  const shown = all ? parts : parts.slice(0, SHOWN);
  const drift = monitor.signal === 'drift';
  const scale = yDomain(
    parts.flatMap(({ line }) => pointsOf(line)),
    drift ? parts.flatMap(({ line }) => line.limit ?? []) : [],
  );
  const format = (y: number) =>
    drift
      ? formatNumber(y, { max: 2 })
      : `${formatNumber(y * 100, { max: 0 })}\u2009%`;
  return (
    <>
      <FigureHead
        title={
          <h3>
            {monitor.name} {drift ? 'by feature' : 'by answer'}
          </h3>
        }
        now={<MonitorNow monitor={monitor} />}
        label={`${monitor.name}: ${monitor.reason}`}
        table={table}
        onTable={setTable}
      />
      <p className={styles.small}>
        {drift
          ? 'PSI against the training data of the live version. A feature drifts above its limit. Sorted by value, on one scale.'
          : 'The share of each class, on one scale.'}
      </p>
      {monitor.state === 'insufficient' && (
        <Notice tone="info" shape="question">
          {monitor.reason}
        </Notice>
      )}
      {table ? (
        <PartsTable parts={shown} label={monitor.name} format={format} />
      ) : (
        <div className={styles.multiples}>
          {shown.map(part => (
            <div key={part.line.name}>
              <PartName part={part} share={!drift} />
              <LazyChart
                {...chartOf(series, part.line, {
                  label: `${part.line.name} in ${monitor.name}`,
                  small: true,
                  height: 80,
                  syncId,
                  yDomain: drift ? scale : [0, scale[1]],
                  formatY: format,
                  limits:
                    part.line.limit === null
                      ? []
                      : [
                          {
                            kind: 'critical',
                            value: part.line.limit,
                            word: 'limit',
                          },
                        ],
                })}
              />
            </div>
          ))}
        </div>
      )}
      {parts.length > SHOWN && (
        <Button variant="tertiary" size="small" onPress={() => setAll(!all)}>
          {all ? 'Show the worst' : `Show all ${parts.length}`}
        </Button>
      )}
    </>
  );
}

function PartName({ part, share }: { part: Part; share: boolean }) {
  const { line, value, over } = part;
  return (
    <div className={styles.part}>
      <code title={line.name}>{line.name}</code>
      <span className={clsx(styles.value, over && styles.over)}>
        {value === null && 'too few'}
        {value !== null &&
          share &&
          `${formatNumber(value * 100, { max: 0 })} %`}
        {value !== null && !share && formatNumber(value, { min: 2, max: 2 })}
        {over && ' drifted'}
      </span>
    </div>
  );
}
