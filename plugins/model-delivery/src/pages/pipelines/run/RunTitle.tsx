import { ButtonIcon } from '@backstage/ui';
import type { RunDetail } from '@slipway/plugin-model-delivery-common';
import { Icon, Status } from '../../../components';
import { jobStatus } from '../../../words';
import { RunKindIcon, runTitle } from '../kinds';
import styles from './run.module.css';

export function RunTitle(props: { run: RunDetail; onBack: () => void }) {
  const { run, onBack } = props;
  const unknown = run.evidence.filter(e => e.status === 'unknown').length;
  const word = jobStatus(run.status).word;
  return (
    <div className={styles.title}>
      <ButtonIcon
        size="small"
        variant="tertiary"
        aria-label="All runs"
        icon={<Icon name="left" />}
        onPress={onBack}
      />
      <RunKindIcon kind={run.kind} />
      <h2>{runTitle(run)}</h2>
      <span aria-live="polite">
        <Status look={jobStatus(run.status)}>
          {run.status === 'running'
            ? `${word}, ${run.jobsDone} of ${run.jobsTotal} jobs`
            : `${word}${
                unknown > 0
                  ? `, ${unknown} ${unknown === 1 ? 'result' : 'results'} unknown`
                  : ''
              }`}
        </Status>
      </span>
    </div>
  );
}
