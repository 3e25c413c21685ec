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
        width: '128px',
        cell: run => <Status look={jobStatus(run.status)} />,
      },
      {
        id: 'run',
        label: 'Run',
        rowHeader: true,
        cell: run => (
          <span className={styles.run}>
            <RunKindIcon kind={run.kind} />
            <Link
              href={links.run(run.id)}
              variant="body-medium"
              weight="bold"
              standalone
            >
              {runTitle(run)}
            </Link>
          </span>
        ),
      },
      {
        id: 'commit',
        label: 'Branch and commit',
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
        cell: run => (run.author ? personName(run.author) : '–'),
      },
      {
        id: 'trigger',
        label: 'Trigger',
        secondary: true,
        cell: run => run.trigger,
      },
      {
        id: 'started',
        label: 'Started',
        cell: run => <TimeAgo at={run.startedAt ?? run.createdAt} />,
      },
      {
        id: 'duration',
        label: 'Duration',
        number: true,
        cell: run => <RunDuration run={run} />,
      },
    ],
    [links],
  );
}

export function RunDuration({ run }: { run: Run }) {
  const now = useNow();
  const ms = spanBetween(run.startedAt, run.finishedAt, now);
  return <>{ms === null ? '–' : formatSpan(ms)}</>;
}
