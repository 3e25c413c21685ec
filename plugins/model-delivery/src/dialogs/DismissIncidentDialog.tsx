import type { Incident } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

/** Closes an incident although its monitor has not recovered. */
export function DismissIncidentDialog(props: {
  incident: Incident;
  onClose: () => void;
}) {
  const { incident, onClose } = props;
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Dismiss ${incident.id}`);
  const dismiss = useModelAction('dismissIncident', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Dismiss the incident of ${incident.monitor}`}
      what={
        <>
          Nothing more follows from it. A run or a deployment that it began goes
          on. The rule opens the next incident only after {incident.monitor} was
          healthy.
        </>
      }
      draft={draft}
      reasonHint="The thread keeps it, with your name."
      submit={{ label: 'Dismiss' }}
      action={dismiss}
      failure="The incident was not dismissed."
      onSubmit={reason =>
        dismiss.mutate({
          params: { incidentId: incident.id },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
