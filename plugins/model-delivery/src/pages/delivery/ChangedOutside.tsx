import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { GuardedButton, Notice } from '../../components';
import styles from './delivery.module.css';
import type { OpenDialogFn } from './useDialogs';

/** Something else is served than the history says, and what a person can do about it. */
export function ChangedOutside(props: {
  environment: EnvironmentDetail;
  onOpenDialog: OpenDialogFn;
}) {
  const { environment, onOpenDialog } = props;
  const { name, live, changedOutside } = environment;
  if (!changedOutside) return null;
  return (
    <>
      <Notice tone="warning" shape="triangle">
        <b>Changed outside.</b> {changedOutside.sentence}
      </Notice>
      <div className={styles.choices}>
        {live && (
          <GuardedButton
            verb="rollback"
            environment={name}
            variant="secondary"
            destructive
            silent
            onPress={() =>
              onOpenDialog({ kind: 'bring-back', environment: name })
            }
          >
            Bring back…
          </GuardedButton>
        )}
        <GuardedButton
          verb="deploy"
          environment={name}
          variant="secondary"
          silent
          onPress={() => onOpenDialog({ kind: 'adopt', environment: name })}
        >
          Adopt…
        </GuardedButton>
      </div>
    </>
  );
}
