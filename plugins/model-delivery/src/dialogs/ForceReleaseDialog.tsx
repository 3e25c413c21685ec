import type { Deployment } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { Version } from '../components';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

/** Frees an environment whose cancellation the outside system does not acknowledge. */
export function ForceReleaseDialog(props: {
  deployment: Deployment;
  onClose: () => void;
}) {
  const { deployment, onClose } = props;
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Force release ${deployment.id}`);
  const release = useModelAction('forceReleaseDeployment', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Force release of ${deployment.environment}`}
      what={
        <>
          The deployment of <Version name={deployment.version} /> ends without
          the acknowledgement of the outside system, and{' '}
          {deployment.environment} accepts deployments again. The outside system
          may still carry this one out: check it there first.
        </>
      }
      draft={draft}
      reasonHint="The history keeps it, with your name."
      submit={{ label: 'Force release', destructive: true }}
      action={release}
      failure="The environment was not released."
      onSubmit={reason =>
        release.mutate({
          params: { deploymentId: deployment.id },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
