import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { Notice } from '../components';
import { describeError } from '../words';
import { ActionDialog } from './ActionDialog';
import { useDraft } from './drafts';

/** Lets automatic delivery go on in an environment that a roll back put on hold. */
export function LiftHoldDialog(props: {
  environment: EnvironmentDetail;
  onClose: () => void;
}) {
  const { environment, onClose } = props;
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Lift hold ${environment.name}`);
  const lift = useModelAction('liftHold', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ActionDialog
      title={`Lift the hold on ${environment.name}`}
      what={
        <>
          Automatic delivery to {environment.name} goes on: the next version
          whose gates pass is deployed without a person.
        </>
      }
      reason={draft}
      reasonHint="The audit log keeps it, with your name."
      submit={{ label: 'Lift hold', pending: lift.isPending }}
      onSubmit={() =>
        lift.mutate({
          params: { environment: environment.name },
          body: { reason: draft.text },
        })
      }
      onClose={onClose}
      answer={
        lift.error && (
          <Notice tone="bad" shape="octagon">
            <b>The hold was not lifted.</b> {describeError(lift.error).message}
          </Notice>
        )
      }
    />
  );
}
