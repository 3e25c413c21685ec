import type {
  Signature,
  SignatureField,
} from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { parse } from 'yaml';
import { z } from 'zod';

const MAX_FIELDS = 10_000;

const dtypes: Record<string, string> = {
  boolean: 'BOOL',
  bool: 'BOOL',
  integer: 'INT32',
  long: 'INT64',
  float: 'FP32',
  double: 'FP64',
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
};

const column = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  required: z.boolean().optional(),
  'tensor-spec': z
    .looseObject({ dtype: z.string(), shape: z.array(z.int()) })
    .optional(),
});
/** MLflow keeps each half as JSON in a text. */
const half = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (!text) return [];
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(column).max(MAX_FIELDS));
const modelFile = z.looseObject({
  signature: z.looseObject({ inputs: half, outputs: half }).nullish(),
});

/** A tensor alone has no name in MLflow; ours need one. */
const fieldAs =
  (role: string) =>
  (
    { type, name, required, 'tensor-spec': tensor }: z.output<typeof column>,
    index: number,
  ): SignatureField => {
    const datatype = dtypes[tensor?.dtype ?? type] ?? 'BYTES';
    return {
      name: name ?? (index === 0 ? role : `${role}-${index}`),
      datatype,
      shape: tensor?.shape ?? [-1],
      ...(/^(INT|UINT|FP)/.test(datatype) && { kind: 'numeric' as const }),
      ...(required === false && { optional: true }),
    };
  };

/**
 * The signature in an `MLmodel` file, with the datatypes of the Open Inference Protocol.
 *
 * @returns null where the model declares none.
 * @throws ProviderError `bad-data`
 */
export function signatureOf(text: string): Signature | null {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new ProviderError(
      'bad-data',
      'The MLmodel file of this version is not YAML.',
      { cause },
    );
  }
  const parsed = modelFile.safeParse(value);
  if (!parsed.success) {
    throw new ProviderError(
      'bad-data',
      'The signature in the MLmodel file of this version is not understood.',
    );
  }
  const { signature } = parsed.data;
  if (!signature) return null;
  return {
    inputs: signature.inputs.map(fieldAs('input')),
    outputs: signature.outputs.map(fieldAs('output')),
  };
}
