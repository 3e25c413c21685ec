import { useApi } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { TextField } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { modelDeliveryApiRef } from '../../api/modelDeliveryApi';
import { StatusIcon } from '../../components/Status';
import { Surface } from '../../components/Surface';
import type { StatusShape } from '../../words';
import { checkName, type NameState } from './checkName';
import styles from './ModelNameField.module.css';

const CHECK_AFTER_MS = 300;

const SHAPES: Partial<Record<NameState['state'], StatusShape>> = {
  free: 'check',
  refused: 'octagon',
  unknown: 'question',
};

/** A name that is checked as it is typed. */
export function ModelNameField(props: FieldExtensionComponentProps<string>) {
  const {
    formData = '',
    onChange,
    schema,
    uiSchema,
    required,
    rawErrors,
  } = props;
  const api = useApi(modelDeliveryApiRef);
  const [known, setKnown] = useState<NameState>({ state: 'empty' });

  useEffect(() => {
    if (!formData) {
      setKnown({ state: 'empty' });
      return undefined;
    }
    const abort = new AbortController();
    setKnown({ state: 'checking' });
    const timer = setTimeout(async () => {
      const answer = await checkName(api, formData, abort.signal);
      if (!abort.signal.aborted) setKnown(answer);
    }, CHECK_AFTER_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, formData]);

  const shape = SHAPES[known.state];

  return (
    <Surface className={styles.field}>
      <TextField
        label={schema.title ?? 'Name'}
        description={schema.description}
        isRequired={required}
        // The first field of the form: where typing begins.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={Boolean(uiSchema?.['ui:autofocus'])}
        isInvalid={known.state === 'refused' || Boolean(rawErrors?.length)}
        value={formData}
        onChange={value => onChange(value === '' ? undefined : value)}
      />
      <p aria-live="polite" className={styles.answer} data-state={known.state}>
        {shape && <StatusIcon shape={shape} />}
        {sentence(known, formData)}
      </p>
    </Surface>
  );
}

function sentence(known: NameState, name: string): string {
  switch (known.state) {
    case 'free':
      return `Available. The entity will be mlmodel:default/${name}.`;
    case 'checking':
      return 'Checking…';
    case 'refused':
    case 'unknown':
      return known.reason;
    default:
      return '';
  }
}
