import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  TextAreaField,
} from '@backstage/ui';
import { type ReactNode, useEffect, useRef } from 'react';
import { Surface } from '../components';
import styles from './ActionDialog.module.css';

/**
 * What every dialog of ours is: a sentence that says what will happen, what one should know first,
 * a reason, and the button.
 */
export function ActionDialog(props: {
  title: string;
  /** What pressing the button does, in a sentence. */
  what: ReactNode;
  reason: { text: string; write: (text: string) => void };
  reasonHint?: string;
  /** Whether the reason may be left out. */
  optional?: boolean;
  submit: {
    label: string;
    icon?: JSX.Element;
    destructive?: boolean;
    pending: boolean;
    /** Why it cannot be pressed. */
    off?: string;
  };
  onSubmit: () => void;
  onClose: () => void;
  /** What came back, if it was not what was asked for. */
  answer?: ReactNode;
  children?: ReactNode;
}) {
  const { title, what, reason, submit, onSubmit, onClose } = props;
  const empty = !props.optional && reason.text.trim() === '';
  const answer = useRef<HTMLDivElement>(null);
  const answered = Boolean(props.answer);
  // It comes below what was read so far, where it might not be seen.
  useEffect(() => {
    if (answered) answer.current?.scrollIntoView?.({ block: 'nearest' });
  }, [answered]);
  return (
    <Dialog
      isOpen
      width={608}
      onOpenChange={open => {
        if (!open) onClose();
      }}
    >
      <DialogHeader>{title}</DialogHeader>
      <DialogBody>
        <Surface className={styles.body}>
          <p className={styles.what}>{what}</p>
          {props.children}
          <div className={styles.reason}>
            <TextAreaField
              label="Reason"
              secondaryLabel={props.optional ? 'Optional' : 'Required'}
              description={props.reasonHint ?? 'The history shows it.'}
              rows={2}
              maxLength={1000}
              // What a person opens the dialog for; focus returns when it closes.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              value={reason.text}
              onChange={reason.write}
            />
          </div>
          <div ref={answer} aria-live="polite">
            {props.answer}
          </div>
        </Surface>
      </DialogBody>
      <DialogFooter>
        <Surface className={styles.footer}>
          <span className={styles.kept}>
            {submit.off ??
              (empty
                ? 'Give a reason.'
                : 'Your text is kept when you close this dialog.')}
          </span>
          <Button variant="secondary" onPress={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            destructive={submit.destructive}
            iconStart={submit.icon}
            isPending={submit.pending}
            isDisabled={empty || submit.off !== undefined}
            onPress={onSubmit}
          >
            {submit.label}
          </Button>
        </Surface>
      </DialogFooter>
    </Dialog>
  );
}
