import { useModelQuery, isRunMoving } from '../../api';
import { Region } from '../../components';
import { formatSpan } from '../../words';
import { DurationBars } from './DurationBars';
import styles from './pipelines.module.css';
import { runTrend } from './runTrend';

const LAST = 40;

/** How it went lately: a glance above the list. */
export function Trend(props: { onOpen: (runId: string) => void }) {
  const query = useModelQuery(
    'listRuns',
    { query: { limit: LAST } },
    { moves: answer => answer.items.some(isRunMoving) },
  );
  const trend = runTrend(query.data?.items ?? []);
  if (trend.runs.length === 0) return null;
  return (
    <Region label="Trend">
      <div className={styles.trend}>
        <div>
          <span className={styles.small}>Passed, last {trend.runs.length}</span>
          <div className={styles.figure}>
            {trend.passed} of {trend.runs.length}
          </div>
        </div>
        <div>
          <span className={styles.small}>Median time</span>
          <div className={styles.figure}>
            {trend.medianMs === null ? '–' : formatSpan(trend.medianMs)}
          </div>
        </div>
        <DurationBars trend={trend} onOpen={props.onOpen} />
      </div>
    </Region>
  );
}
