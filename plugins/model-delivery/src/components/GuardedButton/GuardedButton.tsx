import { Button, type ButtonProps } from '@backstage/ui';
import { type Verb, useMayDo } from '../../permissions';
import styles from './GuardedButton.module.css';

/** A button that says why it is off: because of a permission, or of how things stand. */
export function GuardedButton(
  props: Omit<ButtonProps, 'isDisabled'> & {
    verb: Verb;
    off?: string;
    /** A neighbour says already why. */
    silent?: boolean;
  },
) {
  const { verb, off, silent, ...button } = props;
  const { allowed, reason } = useMayDo(verb);
  const why = silent ? undefined : (reason ?? off);
  return (
    <>
      <Button {...button} isDisabled={!allowed || off !== undefined} />
      {why && <span className={styles.why}>{why}</span>}
    </>
  );
}
