import { useDraft } from '../../dialogs/drafts';
import { ReasonedActionDialog } from '../../dialogs/ReasonedActionDialog';
import { useSwitchAllFeedback } from './useAllFeedback';

/** Switches what follows from the monitors of all models off, or on again. */
export function SwitchAllDialog(props: { on: boolean; onClose: () => void }) {
  const { on, onClose } = props;
  const draft = useDraft('Switch feedback of all models');
  const change = useSwitchAllFeedback(() => {
    draft.forget();
    onClose();
  });
  const word = on ? 'on' : 'off';
  return (
    <ReasonedActionDialog
      title={`Switch the feedback of all models ${word}`}
      what={
        on
          ? 'Open incidents of all models go on: what their rules say is done now, within the budget of each model.'
          : 'Incidents of all models still open, and nothing follows from them. A run or a deployment that began goes on.'
      }
      draft={draft}
      reasonHint="The pages of all models show it, with your name."
      submit={{ label: `Switch ${word}`, destructive: !on }}
      action={change}
      failure={`Feedback was not switched ${word}.`}
      onSubmit={reason => change.mutate({ on, reason })}
      onClose={onClose}
    />
  );
}
