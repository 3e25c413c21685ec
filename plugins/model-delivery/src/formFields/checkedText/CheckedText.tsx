import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { TextField } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { StatusIcon } from '../../components/Status';
import { Surface } from '../../components/Surface';
import type { StatusShape } from '../../words';
import styles from './CheckedText.module.css';

const CHECK_AFTER_MS = 300;

const SHAPES: Partial<Record<Checked['state'], StatusShape>> = {
  good: 'check',
  refused: 'octagon',
  unknown: 'question',
};

/** What a check says of a value, in a sentence. */
export interface Checked {
  state: 'none' | 'good' | 'refused' | 'unknown';
  sentence: string;
}

/** A text of a template's form that is checked as it is typed. */
export function CheckedText(props: {
  field: FieldExtensionComponentProps<string>;
  /** Has to keep its identity; asked for the empty text too. */
  check: (value: string, signal: AbortSignal) => Promise<Checked>;
}) {
  const { field, check } = props;
  const { formData = '', onChange, schema, uiSchema, required } = field;
  const [checked, setChecked] = useState<Checked>();

  useEffect(() => {
    const abort = new AbortController();
    setChecked(undefined);
    const timer = setTimeout(async () => {
      const answer = await check(formData, abort.signal);
      if (!abort.signal.aborted) setChecked(answer);
    }, CHECK_AFTER_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [check, formData]);

  const shape = checked && SHAPES[checked.state];

  return (
    <Surface className={styles.field}>
      <TextField
        label={schema.title ?? ''}
        description={schema.description}
        isRequired={required}
        // The first field of the form: where typing begins.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={Boolean(uiSchema?.['ui:autofocus'])}
        isInvalid={
          checked?.state === 'refused' || Boolean(field.rawErrors?.length)
        }
        value={formData}
        onChange={value => onChange(value === '' ? undefined : value)}
      />
      <p
        aria-live="polite"
        className={styles.answer}
        data-state={checked?.state}
      >
        {shape && <StatusIcon shape={shape} />}
        {checked ? checked.sentence : formData && 'Checking…'}
      </p>
    </Surface>
  );
}
