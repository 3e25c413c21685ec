import type {
  HistoryCheck,
  HistoryHead,
} from '@slipway/plugin-model-delivery-common';
import { Button } from '@backstage/ui';
import { useModelAction } from '../../../api';
import { Notice, TimeAgo } from '../../../components';
import { describeError, formatNumber } from '../../../words';

/** Up to which entry the chain of the audit trail was verified, and which entry breaks it. */
export function Chain(props: {
  head: HistoryHead;
  check: HistoryCheck | null;
}) {
  const verify = useModelAction('verifyAudit');
  const button = (
    <Button
      variant="secondary"
      size="small"
      isPending={verify.isPending}
      onPress={() => verify.mutate({})}
    >
      Verify now
    </Button>
  );
  if (verify.error) {
    return (
      <Notice tone="bad" shape="octagon" action={button}>
        <b>The chain was not verified.</b> {describeError(verify.error).message}
      </Notice>
    );
  }
  const { head, check } = props;
  if (!check) {
    return (
      <Notice tone="info" shape="question" action={button}>
        <b>Never verified.</b> Each entry has a hash of itself and of the entry
        before, so an entry that was changed or removed can be found.
      </Notice>
    );
  }
  const { entries, at, problem } = check;
  return problem ? (
    <Notice tone="bad" shape="octagon" action={button}>
      <b>The chain is broken at entry {formatNumber(problem.seq)}.</b>{' '}
      {problem.message}{' '}
      {entries > 0
        ? `Entries 1 to ${formatNumber(entries)} are as they were written.`
        : ''}{' '}
      Verified <TimeAgo at={at} />. Compare with an earlier export, and ask who
      can write to the database.
    </Notice>
  ) : (
    <Notice tone="good" shape="check" action={button}>
      <b>
        Verified up to entry {formatNumber(entries)} of {formatNumber(head.seq)}
      </b>{' '}
      <TimeAgo at={at} />: no entry was changed or removed.
    </Notice>
  );
}
