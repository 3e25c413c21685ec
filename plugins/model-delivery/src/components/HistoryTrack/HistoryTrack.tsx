import type { LiveInterval } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { Fragment, useState } from 'react';
import { walkButtons } from '../../keyboard';
import { axisTime, exactTime, formatSpan, titleCase } from '../../words';
import { LaneTicks, Legend, TimeAxis } from '../TimeLane';
import styles from './HistoryTrack.module.css';
import {
  labelsLeft,
  layoutTrack,
  type TrackBar,
  trackTicks,
} from './layoutTrack';

export interface TrackLane {
  environment: string;
  intervals: LiveInterval[];
}

/** What was live where: a lane an environment, time from left to right. */
export function HistoryTrack(props: {
  lanes: TrackLane[];
  from: number;
  to: number;
  onOpen: (deploymentId: string) => void;
}) {
  const { lanes, from, to, onOpen } = props;
  const marks = trackTicks(from, to).map(tick => ({
    left: `${(100 * (tick - from)) / (to - from)}%`,
    label: axisTime(tick, to - from),
  }));
  const bars = lanes.map(lane => layoutTrack(lane.intervals, from, to));
  // The track is one stop of the Tab key, at the bar that was walked to last.
  const [stop, setStop] = useState<string>();
  const ids = bars.flat().map(bar => bar.interval.deploymentId);
  const tabStop = stop && ids.includes(stop) ? stop : ids[0];
  return (
    <div
      className={styles.track}
      role="toolbar"
      aria-label="What was live where"
      onKeyDown={event => {
        // Across lanes too.
        walkButtons(event, { back: 'ArrowLeft', forth: 'ArrowRight' });
      }}
      onFocus={({ target }) => setStop(target.dataset.bar)}
    >
      {lanes.map((lane, index) => (
        <Fragment key={lane.environment}>
          <div className={styles.name}>{titleCase(lane.environment)}</div>
          <div className={styles.lane}>
            <LaneTicks marks={marks} />
            {bars[index].map(bar => (
              <Bar
                key={bar.interval.deploymentId}
                bar={bar}
                isStop={bar.interval.deploymentId === tabStop}
                to={to}
                onOpen={onOpen}
              />
            ))}
          </div>
        </Fragment>
      ))}
      <TimeAxis marks={marks} endsNow />
    </div>
  );
}

function Bar(props: {
  bar: TrackBar;
  to: number;
  isStop: boolean;
  onOpen: (deploymentId: string) => void;
}) {
  const { interval, start, end, tiny, labelled } = props.bar;
  const live = interval.to === null;
  const rolledBack = interval.endedBy === 'rolled-back';
  const lasted = formatSpan(
    (interval.to ? Date.parse(interval.to) : props.to) -
      Date.parse(interval.from),
  );
  const words = `${interval.version} in ${interval.environment}, from ${exactTime(
    interval.from,
  )} ${
    interval.to ? `to ${exactTime(interval.to)}` : 'until now'
  }${rolledBack ? ', rolled back' : ''}`;
  return (
    <>
      <button
        type="button"
        className={clsx(
          styles.bar,
          tiny && styles.tiny,
          live && styles.live,
          rolledBack && styles.rolledBack,
        )}
        style={{
          left: `${start}%`,
          width: `max(4px, calc(${end - start}% - 2px))`,
        }}
        tabIndex={props.isStop ? 0 : -1}
        data-bar={interval.deploymentId}
        title={words}
        aria-label={words}
        onClick={() => props.onOpen(interval.deploymentId)}
      >
        {!tiny && interval.version}
      </button>
      {rolledBack && labelled && (
        <span
          className={clsx(styles.label, styles.above)}
          style={
            labelsLeft(props.bar)
              ? { right: `${100 - end}%` }
              : { left: `${start}%` }
          }
        >
          <code>{interval.version}</code> rolled back after {lasted}
        </span>
      )}
      {live && tiny && (
        <span className={clsx(styles.label, styles.below)}>
          <code>{interval.version}</code> for {lasted}
        </span>
      )}
    </>
  );
}

export function HistoryLegend() {
  return (
    <Legend
      entries={[
        { look: 'accent', word: 'live now' },
        { look: 'plain', word: 'was live' },
        { look: 'undone', word: 'rolled back' },
      ]}
    />
  );
}
