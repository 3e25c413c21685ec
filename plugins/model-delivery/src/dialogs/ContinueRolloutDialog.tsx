import type {
  Deployment,
  Rollout,
} from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { Version } from '../components';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

/** Begins the next step of a roll-out that paused, without a verdict on the step before. */
export function ContinueRolloutDialog(props: {
  deployment: Deployment & { rollout: Rollout };
  onClose: () => void;
}) {
  const { deployment, onClose } = props;
  const { steps, current, paused } = deployment.rollout;
  const { weight } = steps[current + 1] ?? steps[current];
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Continue ${deployment.id}`);
  const proceed = useModelAction('continueDeployment', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Continue in ${deployment.environment}`}
      what={
        <>
          <Version name={deployment.version} /> answers {weight} % of the
          requests from now on, without a verdict on the step before.{' '}
          {paused?.reason}
        </>
      }
      draft={draft}
      reasonHint="The history keeps it, with your name."
      submit={{ label: 'Continue' }}
      action={proceed}
      failure="The roll-out was not continued."
      onSubmit={reason =>
        proceed.mutate({
          params: { deploymentId: deployment.id },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
