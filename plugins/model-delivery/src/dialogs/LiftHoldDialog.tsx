import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

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
    <ReasonedActionDialog
      title={`Lift the hold on ${environment.name}`}
      what={
        <>
          Automatic delivery to {environment.name} goes on: the next version
          whose gates pass is deployed without a person.
        </>
      }
      draft={draft}
      reasonHint="The audit log keeps it, with your name."
      submit={{ label: 'Lift hold' }}
      action={lift}
      failure="The hold was not lifted."
      onSubmit={reason =>
        lift.mutate({
          params: { environment: environment.name },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
