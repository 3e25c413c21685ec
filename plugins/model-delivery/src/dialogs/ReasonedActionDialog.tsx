import type { ReactNode } from 'react';
import { Notice } from '../components';
import { describeError } from '../words';
import { ActionDialog } from './ActionDialog';
import type { useDraft } from './drafts';

/** A dialog whose action takes nothing but a reason, and that stays open with the error if it fails. */
export function ReasonedActionDialog(props: {
  title: string;
  what: ReactNode;
  draft: ReturnType<typeof useDraft>;
  reasonHint: string;
  submit: { label: string; destructive?: boolean };
  action: { isPending: boolean; error: Error | null };
  /** What did not happen, as a sentence, if the action fails. */
  failure: string;
  onSubmit: (reason: string) => void;
  onClose: () => void;
}) {
  const { action, draft } = props;
  return (
    <ActionDialog
      title={props.title}
      what={props.what}
      reason={draft}
      reasonHint={props.reasonHint}
      submit={{ ...props.submit, pending: action.isPending }}
      onSubmit={() => props.onSubmit(draft.text)}
      onClose={props.onClose}
      answer={
        action.error && (
          <Notice tone="bad" shape="octagon">
            <b>{props.failure}</b> {describeError(action.error).message}
          </Notice>
        )
      }
    />
  );
}
