import type {
  Monitor,
  MonitorSeries,
} from '@slipway/plugin-model-delivery-common';
import { ChartFigure } from '../../charts';
import { Answer, Face, Region } from '../../components';
import { useUrlState } from '../../url';
import { describeThresholds, exactTime } from '../../words';
import { chartOf } from './chartOf';
import styles from './monitoring.module.css';
import type { RangeName } from './ranges';
import { MonitorAlerts } from './MonitorAlerts';
import { MonitorNow } from './MonitorNow';
import { SmallMultiples } from './SmallMultiples';
import { useSeries } from './useSeries';

const SYNC = 'model-delivery-monitors';

/** One monitor: what it reads now, its limits, and how it came to this. */
export function MonitorChart(props: {
  monitor: Monitor;
  range: RangeName;
  still: boolean;
}) {
  const { monitor, range, still } = props;
  const query = useSeries(monitor.name, range, still);
  const inParts =
    monitor.signal === 'drift' || monitor.signal === 'predictions';
  return (
    <Region label={monitor.name} className={inParts ? styles.wide : undefined}>
      <Answer query={query} what={monitor.name}>
        {series => {
          if (series.lines.every(line => line.points.length === 0)) {
            return <NothingRead monitor={monitor} />;
          }
          return inParts && series.lines.length > 1 ? (
            <SmallMultiples series={series} monitor={monitor} syncId={SYNC} />
          ) : (
            <SingleLine series={series} monitor={monitor} />
          );
        }}
      </Answer>
      {monitor.reading && <MonitorAlerts reading={monitor.reading} />}
    </Region>
  );
}

function SingleLine(props: { series: MonitorSeries; monitor: Monitor }) {
  const { series, monitor } = props;
  const { set } = useUrlState();
  const [line] = series.lines;
  const chart = chartOf(series, line, {
    label: `${monitor.name}: ${monitor.reason}`,
    syncId: SYNC,
    marks: series.deployments.map(({ at, version, deploymentId }) => ({
      x: Date.parse(at),
      label: version,
      onOpen: () => set({ deployment: deploymentId }),
    })),
  });
  const [low] = chart.yDomain;
  // An estimate says of how many rows it is, and how sure, also where it is well.
  const isEstimate = monitor.reading?.interval !== undefined;
  return (
    <>
      <ChartFigure
        title={<h3>{monitor.name}</h3>}
        now={<MonitorNow monitor={monitor} />}
        about={[
          describeThresholds(monitor),
          monitor.state === 'healthy' && !isEstimate ? '' : monitor.reason,
          low > 0 ? 'The axis does not start at 0' : '',
        ]
          .filter(Boolean)
          // A reason may end as a sentence does.
          .map(words => words.replace(/\.$/, ''))
          .join('. ')}
        xName="Time (UTC)"
        exactX={x => exactTime(new Date(x).toISOString())}
        chart={chart}
      />
    </>
  );
}

function NothingRead({ monitor }: { monitor: Monitor }) {
  return <Face title={`${monitor.name}: no data yet`}>{monitor.reason}</Face>;
}
