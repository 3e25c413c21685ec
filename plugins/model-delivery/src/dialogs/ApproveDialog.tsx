import type { DeploymentDetail } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { Notice, Version } from '../components';
import { describeError } from '../words';
import { ActionDialog } from './ActionDialog';
import { useDraft } from './drafts';

/** Approves a deployment that waits, for the gate results that the page shows. */
export function ApproveDialog(props: {
  deployment: DeploymentDetail;
  onClose: () => void;
}) {
  const { deployment, onClose } = props;
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Approve ${deployment.id}`);
  const approve = useModelAction('approveDeployment', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  const gateHash = deployment.approval?.gateHash ?? undefined;
  return (
    <ActionDialog
      title={`Approve ${deployment.version} for ${deployment.environment}`}
      what={
        <>
          You approve <Version name={deployment.version} /> with the gate
          results as they are now. If a result or the version changes before it
          is released, your approval lapses.
        </>
      }
      reason={draft}
      optional
      reasonHint="The history shows it, with your name."
      submit={{ label: 'Approve', pending: approve.isPending }}
      onSubmit={() =>
        approve.mutate({
          params: { deploymentId: deployment.id },
          body: { gateHash, ...(draft.text.trim() && { reason: draft.text }) },
        })
      }
      onClose={onClose}
      answer={
        approve.error && (
          <Notice tone="bad" shape="octagon">
            <b>Your approval was not recorded.</b>{' '}
            {describeError(approve.error).message}
          </Notice>
        )
      }
    />
  );
}
