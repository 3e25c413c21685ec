import type {
  BatchRun,
  EnvironmentDetail,
} from '@slipway/plugin-model-delivery-common';
import {
  Facts,
  Notice,
  PlainTable,
  ScrollBox,
  Status,
  TimeAgo,
  Version,
} from '../../components';
import { formatNumber, jobStatus, minuteTime } from '../../words';
import styles from './BatchJob.module.css';
import delivery from './delivery.module.css';

const SHOWN = 5;

/** When the batch job of an environment runs next, and how its last runs ended. */
export function BatchJob({ environment }: { environment: EnvironmentDetail }) {
  const { batch, name, spec, live } = environment;
  const job = spec.target.batch;
  if (!batch) {
    return job && live ? (
      <p className={delivery.small}>
        The target asks for a batch job. {live.version} runs as a server until
        another version is deployed.
      </p>
    ) : null;
  }
  const failed = lastFailure(batch.runs);
  return (
    <>
      <Facts
        facts={[
          [
            'Batch',
            batch.nextRunAt
              ? `next run at ${minuteTime(batch.nextRunAt)}`
              : 'no run is planned',
          ],
          [
            'Schedule',
            job ? (
              <>
                <code>{job.schedule}</code> {job.timeZone}
              </>
            ) : (
              'as deployed; the target asks for a server, which the next deployment starts'
            ),
          ],
        ]}
      />
      {failed && <Failure run={failed} />}
      {batch.runs.length > 0 ? (
        <div className={delivery.monitors}>
          <PlainTable
            quiet
            label={`Batch runs of ${name}`}
            columns={[
              'Run',
              { label: 'Version', secondary: true },
              { label: 'Rows predicted', number: true },
            ]}
            rows={batch.runs.slice(0, SHOWN).map(run => ({
              key: run.id,
              cells: [
                <Status key="run" look={jobStatus(run.status)}>
                  {jobStatus(run.status).word}{' '}
                  <TimeAgo at={run.finishedAt ?? run.startedAt ?? run.dueAt} />
                </Status>,
                <Version key="version" name={run.version} />,
                <span key="rows" title={run.message ?? undefined}>
                  {rowsOf(run)}
                </span>,
              ],
            }))}
          />
        </div>
      ) : (
        <p className={delivery.small}>No run yet.</p>
      )}
    </>
  );
}

/** A failure, until a later run passed. */
function lastFailure(runs: BatchRun[]): BatchRun | undefined {
  const ended = runs.find(({ status }) =>
    ['passed', 'failed'].includes(status),
  );
  return ended?.status === 'failed' ? ended : undefined;
}

function Failure({ run }: { run: BatchRun }) {
  return (
    <Notice tone="bad" shape="octagon">
      <b>The last run failed.</b> {run.message}
      {run.log.length > 0 && (
        <details className={styles.log}>
          <summary>Last lines of its log</summary>
          <ScrollBox label="Last lines of its log" className={styles.lines}>
            <pre>{run.log.join('\n')}</pre>
          </ScrollBox>
        </details>
      )}
    </Notice>
  );
}

function rowsOf(run: BatchRun): string {
  const { rowsIn, rowsOut, rejected, finishedAt } = run;
  if (rowsIn === null || rowsOut === null) {
    // Without an end there is nothing to know yet.
    return finishedAt === null ? '–' : 'unknown';
  }
  const rows = `${formatNumber(rowsOut)} of ${formatNumber(rowsIn)}`;
  return rejected ? `${rows}, ${formatNumber(rejected)} rejected` : rows;
}
