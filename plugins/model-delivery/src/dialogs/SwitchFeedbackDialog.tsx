import { useModelAction, useModelRef } from '../api';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

/** Switches what follows from the monitors of a model off, or on again. */
export function SwitchFeedbackDialog(props: {
  on: boolean;
  onClose: () => void;
}) {
  const { on, onClose } = props;
  const { name, entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Switch feedback`);
  const change = useModelAction('switchFeedback', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  const word = on ? 'on' : 'off';
  return (
    <ReasonedActionDialog
      title={`Switch the feedback of ${name} ${word}`}
      what={
        on
          ? 'Open incidents go on: what their rules say is done now.'
          : 'Incidents still open, and nothing follows from them. A run or a deployment that began goes on.'
      }
      draft={draft}
      reasonHint="The page shows it, with your name."
      submit={{ label: `Switch ${word}`, destructive: !on }}
      action={change}
      failure={`Feedback was not switched ${word}.`}
      onSubmit={reason => change.mutate({ body: { on, reason } })}
      onClose={onClose}
    />
  );
}
