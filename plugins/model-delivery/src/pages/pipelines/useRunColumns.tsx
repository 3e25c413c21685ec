import { Link } from '@backstage/ui';
import type { Run } from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import {
  type ListColumn,
  Sha,
  Status,
  TimeAgo,
  useNow,
} from '../../components';
import { useModelLinks } from '../../url';
import { formatSpan, jobStatus, personName, spanBetween } from '../../words';
import { RunKindIcon, runTitle } from './kinds';
import styles from './pipelines.module.css';

export function useRunColumns(): ListColumn<Run>[] {
  const links = useModelLinks();
  return useMemo(
    () => [
      {
        id: 'status',
        label: 'Status',
        width: '13%',
        cell: run => <Status look={jobStatus(run.status)} />,
      },
      {
        id: 'run',
        label: 'Run',
        rowHeader: true,
        width: '21%',
        cell: run => (
          <span className={styles.run}>
            <RunKindIcon kind={run.kind} />
            <Link
              href={links.run(run.id)}
              variant="body-medium"
              weight="bold"
              standalone
            >
              <Cut text={runTitle(run)} />
            </Link>
          </span>
        ),
      },
      {
        id: 'commit',
        label: 'Branch and commit',
        width: '28%',
        cell: run => (
          <span
            className={styles.message}
            title={run.commitMessage ?? undefined}
          >
            {run.branch && <span className={styles.branch}>{run.branch}</span>}{' '}
            {run.commit && <Sha value={run.commit} />} {run.commitMessage}
          </span>
        ),
      },
      {
        id: 'author',
        label: 'Author',
        secondary: true,
        width: '12%',
        cell: run => <Cut text={run.author ? personName(run.author) : '–'} />,
      },
      {
        id: 'trigger',
        label: 'Trigger',
        secondary: true,
        width: '9%',
        cell: run => <Cut text={run.trigger} />,
      },
      {
        id: 'started',
        label: 'Started',
        width: '9%',
        cell: run => <TimeAgo at={run.startedAt ?? run.createdAt} />,
      },
      {
        id: 'duration',
        label: 'Duration',
        number: true,
        secondary: true,
        width: '8%',
        cell: run => <RunDuration run={run} />,
      },
    ],
    [links],
  );
}

/** A line, cut where there is no room; whole on hover. */
function Cut({ text }: { text: string }) {
  return (
    <span className={styles.cut} title={text}>
      {text}
    </span>
  );
}

export function RunDuration({ run }: { run: Run }) {
  const now = useNow();
  const ms = spanBetween(run.startedAt, run.finishedAt, now);
  return <>{ms === null ? '–' : formatSpan(ms)}</>;
}
