import { useModelAction } from '../../../api';
import { GuardedButton } from '../../../components';
import { describeError } from '../../../words';
import styles from '../monitoring.module.css';

/** Sends rows that the training data lacks to a demonstration's model, so that there is a drift to follow. */
export function ReplayButton({ environment }: { environment: string }) {
  const replay = useModelAction('replayShifted');
  return (
    <>
      <GuardedButton
        verb="run"
        variant="secondary"
        silent
        off={replay.isPending ? 'The replay begins.' : undefined}
        onPress={() => replay.mutate({ params: { environment } })}
      >
        Replay shifted rows
      </GuardedButton>
      <span className={styles.small} role="status">
        {replay.error && describeError(replay.error).message}
        {replay.data &&
          `${replay.data.requests} requests from ${replay.data.rows} rows that the training data lacks, for ${replay.data.seconds} s.`}
      </span>
    </>
  );
}
