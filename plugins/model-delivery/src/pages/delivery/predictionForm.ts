import type {
  Signature,
  SignatureField,
} from '@slipway/plugin-model-delivery-common';

/** What is typed into the form, field by field, as text. */
export type FormValues = Record<string, string>;

export const isChoice = (field: SignatureField): boolean =>
  field.kind === 'categorical' && (field.categories?.length ?? 0) > 0;

export const isNumber = (field: SignatureField): boolean =>
  field.kind === 'numeric' || /^(U?INT|FP)\d+$/.test(field.datatype);

/** The examples that came with the version, so that the first press already answers. */
export function exampleValues(signature: Signature): FormValues {
  return Object.fromEntries(
    signature.inputs.map(field => {
      const [example] = [field.example].flat();
      const fallback = isChoice(field) ? field.categories?.[0] : '';
      return [
        field.name,
        example === undefined || example === null
          ? (fallback ?? '')
          : String(example),
      ];
    }),
  );
}

/** What is wrong with a field, in words; undefined if nothing is. */
export function fieldError(
  field: SignatureField,
  text: string,
): string | undefined {
  if (text.trim() === '') return field.optional ? undefined : 'Required';
  return isNumber(field) && !Number.isFinite(Number(text))
    ? 'A number, such as 41.5'
    : undefined;
}

/** The inputs as they are sent: numbers as numbers, empty optional ones left out. */
export function predictionInputs(
  signature: Signature,
  values: FormValues,
): Record<string, string | number> {
  return Object.fromEntries(
    signature.inputs
      .filter(field => (values[field.name] ?? '').trim() !== '')
      .map(field => [
        field.name,
        isNumber(field) ? Number(values[field.name]) : values[field.name],
      ]),
  );
}
