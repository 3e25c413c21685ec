import type { Deployment } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { Version } from '../components';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

/** Rejects a deployment that waits, which ends it. */
export function RejectDialog(props: {
  deployment: Deployment;
  onClose: () => void;
}) {
  const { deployment, onClose } = props;
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Reject ${deployment.id}`);
  const reject = useModelAction('rejectDeployment', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Reject ${deployment.version} for ${deployment.environment}`}
      what={
        <>
          The deployment of <Version name={deployment.version} /> ends, and the
          requester is notified. It can be requested again.
        </>
      }
      draft={draft}
      reasonHint="The requester and the history get it, with your name."
      submit={{ label: 'Reject', destructive: true }}
      action={reject}
      failure="It was not rejected."
      onSubmit={reason =>
        reject.mutate({
          params: { deploymentId: deployment.id },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
