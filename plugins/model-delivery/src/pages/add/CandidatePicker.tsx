import { Combobox, Select } from '@backstage/ui';
import type {
  Candidate,
  SourceDetail,
} from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import { Status } from '../../components';
import { describeError } from '../../words';
import styles from './add.module.css';
import { useCandidates, useRested } from './useOnboarding';

const keyOf = ({ target }: Candidate): string => JSON.stringify(target);

/** Picks something that a configured source really has, by typing a part of its name. */
export function CandidatePicker(props: {
  label: string;
  description: string;
  sources: SourceDetail[];
  value: Candidate | null;
  onChange: (candidate: Candidate | null) => void;
}) {
  const { label, description, sources, value, onChange } = props;
  const [source, setSource] = useState<string | null>(sources[0]?.id ?? null);
  const [typed, setTyped] = useState(value?.title ?? '');
  const query = useCandidates(source, useRested(value ? '' : typed));
  if (sources.length === 0) {
    return (
      <p className={styles.none}>
        <b>{label}</b>
        <Status look={{ shape: 'dash', tone: 'muted', word: 'Not configured' }}>
          No connected source offers repositories.
        </Status>
      </p>
    );
  }
  const items = query.data?.items ?? [];
  return (
    <div className={styles.picker}>
      {sources.length > 1 && (
        <Select
          label={`${label}: source`}
          size="small"
          value={source}
          options={sources.map(({ id, title }) => ({ id, label: title }))}
          onChange={id => {
            setSource(String(id));
            setTyped('');
            onChange(null);
          }}
        />
      )}
      <Combobox
        label={label}
        description={description}
        size="small"
        placeholder={`Search ${sources.find(({ id }) => id === source)?.title ?? ''}`}
        menuTrigger="focus"
        allowsEmptyCollection
        value={value ? keyOf(value) : null}
        onChange={key => {
          const chosen = items.find(item => keyOf(item) === key) ?? null;
          setTyped(chosen?.title ?? '');
          onChange(chosen);
        }}
        search={{
          mode: 'server',
          inputValue: typed,
          onInputChange: text => {
            setTyped(text);
            if (value && text !== value.title) onChange(null);
          },
        }}
        loading={{ state: query.isFetching ? 'loading' : 'idle' }}
        options={
          query.error
            ? [
                {
                  id: 'failed',
                  label: describeError(query.error).message,
                  disabled: true,
                },
              ]
            : items.map(item => ({ id: keyOf(item), label: item.title }))
        }
      />
      {query.error && (
        <Status look={{ shape: 'octagon', tone: 'bad', word: 'Failed' }}>
          {describeError(query.error).message}
        </Status>
      )}
    </div>
  );
}
