import { TextField } from '@backstage/ui';
import { useRef, useState } from 'react';
import { newIdempotencyKey, useModelAction, useModelRef } from '../api';
import { Notice } from '../components';
import { describeError } from '../words';
import { ActionDialog } from './ActionDialog';
import { useDraft } from './drafts';

/** Starts a training of the newest commit of a branch. */
export function RetrainDialog(props: {
  onStarted: (runId: string) => void;
  onClose: () => void;
}) {
  const { name, entityRef } = useModelRef();
  const [branch, setBranch] = useState('main');
  const draft = useDraft(`${entityRef} Retrain`);
  const key = useRef(newIdempotencyKey());
  const retrain = useModelAction('triggerRun', {
    onDone: ({ runId }) => {
      draft.forget();
      props.onStarted(runId);
    },
  });
  return (
    <ActionDialog
      title={`Retrain ${name}`}
      what={
        <>
          <b>{name}</b> is trained again on the newest commit of{' '}
          <code>{branch}</code>. The result becomes a new version. It is
          deployed only if its gates pass.
        </>
      }
      reason={draft}
      submit={{
        label: 'Start training',
        pending: retrain.isPending,
        off: branch.trim() ? undefined : 'Enter a branch.',
      }}
      onSubmit={() =>
        retrain.mutate({
          body: { kind: 'training', ref: branch.trim(), reason: draft.text },
          idempotencyKey: key.current,
        })
      }
      onClose={props.onClose}
      answer={
        retrain.error && (
          <Notice tone="bad" shape="octagon">
            <b>The run was not started.</b>{' '}
            {describeError(retrain.error).message}
          </Notice>
        )
      }
    >
      <TextField
        label="Branch"
        size="small"
        value={branch}
        onChange={setBranch}
      />
    </ActionDialog>
  );
}
