import type { Job } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { Fragment, useState } from 'react';
import {
  Icon,
  LaneTicks,
  Legend,
  Status,
  TimeAxis,
  type TimeMark,
} from '../../../components';
import { walkButtons } from '../../../keyboard';
import { axisClock, count, formatSpan, jobStatus } from '../../../words';
import styles from './JobGantt.module.css';
import {
  type GanttBar,
  type GanttGroup,
  type GanttRow,
  ganttTicks,
  isGroup,
  layoutGantt,
} from './layoutGantt';

/** The jobs of a run on one time axis: what ran beside what, and what set the pace. */
export function JobGantt(props: {
  jobs: Job[];
  now: number;
  selected: string | null;
  onSelect: (jobId: string) => void;
}) {
  const { selected, onSelect } = props;
  const { total, entries } = layoutGantt(props.jobs, props.now);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const marks = ganttTicks(total).map(tick => ({
    left: percent(tick, total),
    label: axisClock(tick),
  }));
  const toggle = (name: string) =>
    setFolded(known => {
      const next = new Set(known);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const row = (entry: GanttRow, inner: boolean) => (
    <JobRow
      key={entry.job.id}
      row={entry}
      inner={inner}
      total={total}
      marks={marks}
      marked={entry.job.id === selected}
      onSelect={onSelect}
    />
  );
  return (
    <>
      <div
        className={styles.gantt}
        role="toolbar"
        aria-orientation="vertical"
        aria-label="Jobs over time"
        onKeyDown={event =>
          walkButtons(event, { back: 'ArrowUp', forth: 'ArrowDown' })
        }
      >
        {entries.map(entry =>
          isGroup(entry) ? (
            <Fragment key={`group ${entry.name}`}>
              <GroupRow
                group={entry}
                folded={folded.has(entry.name)}
                total={total}
                marks={marks}
                onToggle={() => toggle(entry.name)}
              />
              {!folded.has(entry.name) &&
                entry.rows.map(inner => row(inner, true))}
            </Fragment>
          ) : (
            row(entry, false)
          ),
        )}
        <TimeAxis marks={marks} />
      </div>
      <Legend
        entries={[
          {
            look: 'accent',
            word: 'critical path: these jobs determine the duration',
          },
          { look: 'plain', word: 'ran in parallel' },
          ...entries.filter(isGroup).flatMap(saved),
        ]}
      />
    </>
  );
}

function percent(ms: number, total: number): string {
  return `${total > 0 ? (96 * ms) / total : 0}%`;
}

function JobRow(props: {
  row: GanttRow;
  inner: boolean;
  total: number;
  marks: TimeMark[];
  marked: boolean;
  onSelect: (jobId: string) => void;
}) {
  const { row, inner, marked } = props;
  const { job } = row;
  const look = jobStatus(job.status);
  return (
    <>
      <button
        type="button"
        className={clsx(
          styles.job,
          inner && styles.inner,
          marked && styles.marked,
        )}
        aria-pressed={marked}
        title={[job.name, job.reason].filter(Boolean).join('\n')}
        onClick={() => props.onSelect(job.id)}
      >
        <Status look={look} iconOnly />
        <span>{job.name}</span>
      </button>
      <Lane {...props} bar={row.bar} critical={row.critical} job={job} />
    </>
  );
}

function GroupRow(props: {
  group: GanttGroup;
  folded: boolean;
  total: number;
  marks: TimeMark[];
  onToggle: () => void;
}) {
  const { group, folded, total, marks } = props;
  return (
    <>
      <button
        type="button"
        className={styles.job}
        aria-expanded={!folded}
        onClick={props.onToggle}
      >
        <Icon
          name="right"
          className={styles.fold}
          data-open={!folded || undefined}
        />
        <span>
          {group.name},{' '}
          {group.atOnce > 1
            ? `${group.atOnce} at once`
            : count(group.rows.length, 'job')}
        </span>
      </button>
      <Lane
        total={total}
        marks={marks}
        marked={false}
        bar={folded ? group.bar : undefined}
        critical={group.critical}
      />
    </>
  );
}

function Lane(props: {
  bar: GanttBar | undefined;
  critical: boolean;
  total: number;
  marks: TimeMark[];
  marked: boolean;
  job?: Job;
}) {
  const { bar, critical, total, marks, marked, job } = props;
  const late = bar !== undefined && bar.end > total * 0.86;
  return (
    <div className={clsx(styles.lane, marked && styles.marked)}>
      <LaneTicks marks={marks} />
      {bar && (
        <>
          <span
            className={clsx(
              styles.bar,
              critical && styles.critical,
              job?.status === 'running' && styles.running,
              job?.status === 'failed' && styles.failed,
            )}
            data-testid={job && `bar-${job.id}`}
            style={{
              left: percent(bar.start, total),
              width: percent(bar.end - bar.start, total),
            }}
          />
          <span
            className={styles.time}
            style={
              late
                ? { right: `calc(100% - ${percent(bar.start, total)})` }
                : { left: percent(bar.end, total) }
            }
          >
            {formatSpan(bar.end - bar.start)}
          </span>
        </>
      )}
    </div>
  );
}

/** What running at the same time was worth, in a sentence. */
function saved(group: GanttGroup): { word: string }[] {
  if (group.atOnce < 2) return [];
  const alone = group.rows.reduce(
    (sum, { bar }) => sum + (bar ? bar.end - bar.start : 0),
    0,
  );
  const took = group.bar ? group.bar.end - group.bar.start : 0;
  return [
    {
      word: `${group.name}: ${group.rows.length} jobs, ${
        group.atOnce
      } at once, took ${formatSpan(took)} instead of ${formatSpan(alone)}`,
    },
  ];
}
