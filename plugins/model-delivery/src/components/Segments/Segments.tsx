import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import styles from './Segments.module.css';

/** One of a few, all seen at once. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <ToggleButtonGroup
      className={styles.segments}
      aria-label={props.label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.value]}
      onSelectionChange={keys => {
        const [chosen] = [...keys];
        if (chosen !== undefined) props.onChange(chosen as T);
      }}
    >
      {props.options.map(option => (
        <ToggleButton key={option.value} id={option.value} size="small">
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
