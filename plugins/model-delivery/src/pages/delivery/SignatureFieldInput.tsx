import { Select, TextField } from '@backstage/ui';
import type { SignatureField } from '@slipway/plugin-model-delivery-common';
import { fieldError, isChoice, isNumber } from './predictionForm';

/** The input for one field of a signature. */
export function SignatureFieldInput(props: {
  field: SignatureField;
  value: string;
  onChange: (value: string) => void;
}) {
  const { field, value, onChange } = props;
  const label = labelOf(field);
  const hint = [field.unit, field.optional && 'optional']
    .filter(Boolean)
    .join(', ');
  if (isChoice(field)) {
    return (
      <Select
        label={label}
        secondaryLabel={hint || undefined}
        value={value || null}
        onChange={key => onChange(key === null ? '' : String(key))}
        options={(field.categories ?? []).map(category => ({
          id: category,
          label: category,
        }))}
      />
    );
  }
  const error = fieldError(field, value);
  return (
    <TextField
      label={label}
      secondaryLabel={hint || undefined}
      size="small"
      inputMode={isNumber(field) ? 'decimal' : undefined}
      description={error ?? range(field)}
      isInvalid={error !== undefined}
      value={value}
      onChange={onChange}
    />
  );
}

function range({ min, max }: SignatureField): string | undefined {
  return min === undefined || max === undefined
    ? undefined
    : `${min} to ${max} in training`;
}

/** Without the unit, which the hint says. */
function labelOf({ name, unit }: SignatureField): string {
  const words = name.replace(/_/g, ' ');
  return unit && words.endsWith(` ${unit}`)
    ? words.slice(0, -unit.length - 1)
    : words;
}
