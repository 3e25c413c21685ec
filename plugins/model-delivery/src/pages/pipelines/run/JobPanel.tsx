import type { Job } from '@slipway/plugin-model-delivery-common';
import { Region, Status } from '../../../components';
import { formatSpan, jobStatus, spanBetween } from '../../../words';
import { JobLog } from '../log';
import styles from './run.module.css';

/** One job: its steps beside its log. */
export function JobPanel(props: { runId: string; job: Job; now: number }) {
  const { runId, job, now } = props;
  return (
    <div className={styles.pair}>
      <Region
        label="Steps"
        title={<h3>{job.name}</h3>}
        actions={<Status look={jobStatus(job.status)} />}
      >
        <ol className={styles.steps}>
          {job.steps.map((step, index) => {
            const took = spanBetween(step.startedAt, step.finishedAt, now);
            return (
              <li key={index}>
                <Status look={{ ...jobStatus(step.status), word: step.name }} />
                <span className={styles.number}>
                  {took === null ? '–' : formatSpan(took)}
                </span>
              </li>
            );
          })}
        </ol>
        {job.reason && <p className={styles.reason}>{job.reason}</p>}
        {job.needs.length > 0 && (
          <p className={styles.reason}>After {job.needs.join(', ')}</p>
        )}
      </Region>
      <JobLog runId={runId} job={job} />
    </div>
  );
}
