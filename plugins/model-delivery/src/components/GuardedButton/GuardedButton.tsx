import { Button, type ButtonProps } from '@backstage/ui';
import clsx from 'clsx';
import { type Asked, useMayDo } from '../../permissions';
import styles from './GuardedButton.module.css';

/** A button that says why it is off: because of a permission, or of how things stand. */
export function GuardedButton(
  props: Omit<ButtonProps, 'isDisabled' | 'className'> &
    Asked & {
      className?: string;
      off?: string;
      /** A neighbour says already why. */
      silent?: boolean;
    },
) {
  const { verb, environment, off, silent, ...button } = props;
  const { allowed, reason } = useMayDo({ verb, environment } as Asked);
  const why = silent ? undefined : (reason ?? off);
  return (
    <>
      <Button
        {...button}
        className={clsx(
          button.className,
          button.destructive && button.variant === 'secondary' && styles.undo,
        )}
        isDisabled={!allowed || off !== undefined}
      />
      {why && <span className={styles.why}>{why}</span>}
    </>
  );
}
