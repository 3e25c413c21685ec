import { Select } from '@backstage/ui';
import styles from './FilterSelect.module.css';

const ANY = '*';

/** One filter of a list: `Owner: any` until something is chosen. */
export function FilterSelect(props: {
  label: string;
  /** What it says while nothing is chosen. */
  any?: string;
  value: string | null;
  options: { value: string; label: string }[];
  onChange: (value: string | null) => void;
}) {
  const { label, any = 'any', value, options, onChange } = props;
  const known =
    value === null || options.some(option => option.value === value)
      ? options
      : [...options, { value, label: value }];
  return (
    <Select
      className={styles.select}
      size="small"
      aria-label={label}
      value={value ?? ANY}
      onChange={key =>
        onChange(key === ANY || key === null ? null : String(key))
      }
      search={known.length > 8 ? true : undefined}
      options={[
        { id: ANY, label: `${label}: ${any}` },
        ...known.map(option => ({
          id: option.value,
          label: `${label}: ${option.label}`,
        })),
      ]}
    />
  );
}
