import { ButtonIcon } from '@backstage/ui';
import { useEffect, useState } from 'react';
import styles from './CopyField.module.css';
import { Icon } from '../Icon';

/** Something to be pasted elsewhere. */
export function CopyField(props: {
  label: string;
  /** What is copied, where it is more than what is shown. */
  text?: string;
  value: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <span className={styles.field}>
      <code title={props.value}>{props.value}</code>
      <ButtonIcon
        className={styles.copy}
        size="small"
        variant="tertiary"
        aria-label={copied ? 'Copied' : `Copy ${props.label}`}
        icon={copied ? <Icon name="check" /> : <Icon name="copy" />}
        onPress={async () => {
          await window.navigator.clipboard.writeText(props.text ?? props.value);
          setCopied(true);
        }}
      />
    </span>
  );
}
