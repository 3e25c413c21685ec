import { SearchField, ToggleButton } from '@backstage/ui';
import type { Job } from '@slipway/plugin-model-delivery-common';
import { useRef, useState } from 'react';
import { isJobMoving } from '../../../api';
import { Answer, Face, Region } from '../../../components';
import { useShortcut } from '../../../keyboard';
import { useUrlState } from '../../../url';
import { formatNumber } from '../../../words';
import styles from './JobLog.module.css';
import { LogLines } from './LogLines';
import { useFind } from './useFind';
import { type RunLog, useRunLog } from './useRunLog';

/** The log of a job as it is written. */
export function JobLog(props: { runId: string; job: Job }) {
  const { runId, job } = props;
  const { params, set } = useUrlState();
  const alive = isJobMoving(job);
  const query = useRunLog(runId, job.id, alive);
  const marked = Number(params.get('line')) || null;
  const [follow, setFollow] = useState(alive && marked === null);
  const [times, setTimes] = useState(false);
  const find = useFind(query.data?.lines ?? []);
  const findField = useRef<HTMLDivElement>(null);
  useShortcut('f', () => setFollow(true));
  return (
    <Region
      label="Log"
      title={<h3>Log</h3>}
      actions={
        <>
          <SearchField
            ref={findField}
            className={styles.find}
            size="small"
            aria-label="Find in the log"
            placeholder="Find"
            value={find.text}
            onChange={find.write}
            onKeyDown={event => {
              if (event.key === 'Enter') find.next();
            }}
          />
          <span className={styles.small} aria-live="polite">
            {find.words}
          </span>
          <ToggleButton isSelected={times} onChange={setTimes}>
            Times
          </ToggleButton>
          <ToggleButton
            aria-keyshortcuts="f"
            isSelected={follow}
            onChange={setFollow}
          >
            Follow
          </ToggleButton>
        </>
      }
    >
      <Answer query={query} what="log">
        {log =>
          log.lines.length === 0 ? (
            <Face title="No output yet">
              {alive
                ? 'The job has not written any output yet.'
                : 'The job wrote no output.'}
            </Face>
          ) : (
            <>
              <LogLines
                label={`Log of ${job.name}`}
                lines={log.lines}
                follow={follow}
                onFollowChange={setFollow}
                times={times}
                marked={marked}
                found={find.found}
                lineHref={n => lineHref(params, n)}
                onMark={n => set({ line: n === marked ? null : String(n) })}
                onFind={() =>
                  findField.current?.querySelector('input')?.focus()
                }
              />
              <p className={styles.small}>{describeLog(log)}</p>
            </>
          )
        }
      </Answer>
    </Region>
  );
}

function lineHref(params: URLSearchParams, n: number): string {
  const next = new URLSearchParams(params);
  next.set('line', String(n));
  return `?${next}`;
}

function describeLog(log: RunLog): string {
  const { lines } = log;
  return [
    `Lines ${formatNumber(lines[0].n)} to ${formatNumber(
      lines[lines.length - 1].n,
    )}`,
    log.ended ? 'ended' : 'still growing',
    log.truncated && 'cut at its size limit',
    log.dropped > 0 && `the first ${formatNumber(log.dropped)} are not shown`,
    'times in UTC',
  ]
    .filter(Boolean)
    .join(' · ');
}
