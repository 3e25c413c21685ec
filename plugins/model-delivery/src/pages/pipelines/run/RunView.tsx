import { Button, Link } from '@backstage/ui';
import type { RunDetail } from '@slipway/plugin-model-delivery-common';
import { useRef } from 'react';
import { isRunMoving, useModelQuery } from '../../../api';
import {
  Answer,
  Face,
  notFoundIcon,
  Region,
  Sha,
  TimeAgo,
  useNow,
  Version,
} from '../../../components';
import { useModelLinks, useUrlState } from '../../../url';
import { formatSpan, personName, spanBetween } from '../../../words';
import { EvidencePanel } from './EvidencePanel';
import { JobGantt } from './JobGantt';
import { JobPanel } from './JobPanel';
import styles from './run.module.css';
import { RunActions } from './RunActions';
import { RunTitle } from './RunTitle';

/** One run: its jobs on a time axis, the steps and log of one of them, and what it proved. */
export function RunView(props: {
  runId: string;
  onBack: () => void;
  onOpen: (runId: string) => void;
}) {
  const { runId, onBack, onOpen } = props;
  const query = useModelQuery(
    'getRun',
    { params: { runId } },
    { moves: isRunMoving },
  );
  return (
    <Answer
      query={query}
      what="run"
      notFound={
        <Region label="Run">
          <Face
            icon={notFoundIcon}
            title="Run not found"
            actions={
              <Button variant="secondary" onPress={onBack}>
                All runs
              </Button>
            }
          >
            No run has the ID <code>{runId}</code>, or you may not see it.
          </Face>
        </Region>
      }
    >
      {run => <LoadedRun run={run} onBack={onBack} onOpen={onOpen} />}
    </Answer>
  );
}

function LoadedRun(props: {
  run: RunDetail;
  onBack: () => void;
  onOpen: (runId: string) => void;
}) {
  const { run } = props;
  const { params, set } = useUrlState();
  const now = useNow();
  const panel = useRef<HTMLDivElement>(null);
  const job =
    run.jobs.find(known => known.id === params.get('job')) ?? mostTelling(run);
  return (
    <>
      <Region
        label="Run"
        title={<RunTitle run={run} onBack={props.onBack} />}
        actions={<RunActions run={run} onOpen={props.onOpen} />}
      >
        <About run={run} now={now} />
        <JobGantt
          jobs={run.jobs}
          now={now}
          selected={job?.id ?? null}
          onSelect={id => {
            // Once more, and on into its log.
            if (id === params.get('job')) {
              panel.current?.querySelector<HTMLElement>('[role=log]')?.focus();
            } else {
              set({ job: id });
            }
          }}
        />
      </Region>
      {job && (
        <div ref={panel}>
          <JobPanel key={job.id} runId={run.id} job={job} now={now} />
        </div>
      )}
      <EvidencePanel run={run} />
    </>
  );
}

/** The job that somebody who opens the run most likely comes for. */
function mostTelling({ jobs }: RunDetail) {
  return (
    jobs.find(job => job.status === 'failed' || job.status === 'rejected') ??
    jobs.find(job => job.status === 'running') ??
    [...jobs].reverse().find(job => job.startedAt !== null)
  );
}

function About(props: { run: RunDetail; now: number }) {
  const { run, now } = props;
  const links = useModelLinks();
  const took = spanBetween(run.startedAt, run.finishedAt, now);
  return (
    <p className={styles.about}>
      {run.reason && <>{run.reason.replace(/\.$/, '')}. </>}
      {run.commitMessage && <>{run.commitMessage} · </>}
      {run.commit && (
        <>
          <Sha value={run.commit} />
          {run.branch && ` on ${run.branch}`} ·{' '}
        </>
      )}
      {run.author && `${personName(run.author)}, `}
      {run.trigger} <TimeAgo at={run.createdAt} />
      {took !== null && ` · ${formatSpan(took)}`}
      {run.version && (
        <>
          {' '}
          · registered{' '}
          <Link href={links.version(run.version)}>
            <Version name={run.version} />
          </Link>
        </>
      )}
    </p>
  );
}
