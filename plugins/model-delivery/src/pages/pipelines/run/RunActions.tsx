import { ButtonLink } from '@backstage/ui';
import type { RunDetail } from '@slipway/plugin-model-delivery-common';
import { useRef } from 'react';
import { isRunMoving, newIdempotencyKey, useModelAction } from '../../../api';
import { GuardedButton, Icon, Notice } from '../../../components';
import { describeError } from '../../../words';

/** Run it again, or stop it. */
export function RunActions(props: {
  run: RunDetail;
  onOpen: (runId: string) => void;
}) {
  const { run, onOpen } = props;
  const key = useRef(newIdempotencyKey());
  const rerun = useModelAction('rerunRun', {
    onDone: ({ runId }) => onOpen(runId),
  });
  const cancel = useModelAction('cancelRun');
  const error = rerun.error ?? cancel.error;
  const params = { runId: run.id };
  return (
    <>
      {isRunMoving(run) ? (
        <GuardedButton
          verb="run"
          variant="secondary"
          destructive
          isPending={cancel.isPending}
          onPress={() => cancel.mutate({ params })}
        >
          Cancel
        </GuardedButton>
      ) : (
        <GuardedButton
          verb="run"
          variant="secondary"
          isPending={rerun.isPending}
          onPress={() => rerun.mutate({ params, idempotencyKey: key.current })}
        >
          Rerun
        </GuardedButton>
      )}
      {run.url && (
        <ButtonLink
          variant="tertiary"
          href={run.url}
          target="_blank"
          iconEnd={<Icon name="external" />}
        >
          {`Open in ${run.provider}`}
        </ButtonLink>
      )}
      {error && (
        <Notice tone="bad" shape="octagon">
          The request failed: {describeError(error).message}
        </Notice>
      )}
    </>
  );
}
