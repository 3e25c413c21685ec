import type {
  Signature,
  SignatureField,
} from '@slipway/plugin-model-delivery-common';
import {
  type JsonValue,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

/** A request of the Open Inference Protocol, version 2. */
export interface InferRequest {
  inputs: Array<{
    name: string;
    datatype: string;
    shape: number[];
    data: JsonValue[];
  }>;
}

/** One row as a request, by the version's signature. Inputs that are not given are left out. */
export function inferRequest(
  signature: Signature,
  row: Record<string, JsonValue>,
): InferRequest {
  return {
    inputs: signature.inputs.flatMap(field => {
      const value = row[field.name];
      return value === undefined || (value === null && field.optional)
        ? []
        : [
            {
              name: field.name,
              datatype: field.datatype,
              shape: [1],
              data: [value],
            },
          ];
    }),
  };
}

/**
 * Checks the inputs that a person gave.
 *
 * @returns a sentence for each value that the training data did not have.
 * @throws ProviderError `invalid` naming the field: a name that the signature does not have, a value of
 *   another type, or an input that is missing.
 */
export function checkInputs(
  signature: Signature,
  inputs: Record<string, JsonValue>,
): string[] {
  const known = new Set(signature.inputs.map(field => field.name));
  const unknown = Object.keys(inputs).find(name => !known.has(name));
  if (unknown !== undefined) {
    throw new ProviderError(
      'invalid',
      `inputs.${unknown} is not an input of the model, which has ${[
        ...known,
      ].join(', ')}.`,
    );
  }
  const given = signature.inputs.flatMap(field => {
    const value = inputs[field.name] ?? null;
    return value === null ? [] : [{ field, value }];
  });
  for (const { field, value } of given) {
    const wrong = wrongType(field, value);
    if (wrong) throw new ProviderError('invalid', wrong);
  }
  const missing = signature.inputs.find(
    field =>
      !field.optional &&
      !given.some(({ field: { name } }) => name === field.name),
  );
  if (missing) {
    throw new ProviderError('invalid', `inputs.${missing.name} is missing.`);
  }
  return given.flatMap(({ field, value }) => warningOf(field, value) ?? []);
}

function wrongType(field: SignatureField, value: JsonValue): string | null {
  const is = `inputs.${field.name} is ${JSON.stringify(value).slice(0, 80)}`;
  if (/^(FP|BF)/.test(field.datatype)) {
    return typeof value === 'number' ? null : `${is}; it must be a number.`;
  }
  if (/^U?INT/.test(field.datatype)) {
    return Number.isInteger(value) ? null : `${is}; it must be a whole number.`;
  }
  if (field.datatype === 'BOOL') {
    return typeof value === 'boolean'
      ? null
      : `${is}; it must be true or false.`;
  }
  return typeof value === 'string' ? null : `${is}; it must be a text.`;
}

/** A value beyond the range that was seen in training by more than its width is far outside. */
function warningOf(field: SignatureField, value: JsonValue): string | null {
  const { name, min, max, categories } = field;
  if (typeof value === 'number' && min !== undefined && max !== undefined) {
    const width = max - min;
    return value < min - width || value > max + width
      ? `${name} is ${value}, far outside the ${min} to ${max} of the training data.`
      : null;
  }
  return categories && !categories.includes(String(value))
    ? `${name} is ${JSON.stringify(value)}, which the training data did not have; it had ${categories
        .slice(0, 10)
        .join(', ')}.`
    : null;
}

const inferResponse = z.looseObject({
  model_version: z.string().nullish(),
  outputs: z.array(
    z.looseObject({
      name: z.string(),
      shape: z.array(z.int()),
      data: z.array(z.json()),
    }),
  ),
});

/**
 * The answer by output name: a value, or for an output with categories an object of them.
 *
 * @throws ProviderError `bad-data`
 */
export function parseInferResponse(
  signature: Signature,
  body: unknown,
): { version: string | null; outputs: Record<string, JsonValue> } {
  const parsed = inferResponse.safeParse(body);
  if (!parsed.success) {
    throw new ProviderError(
      'bad-data',
      'The model server answered with something that is no inference response.',
    );
  }
  const fields = new Map(signature.outputs.map(field => [field.name, field]));
  return {
    version: parsed.data.model_version ?? null,
    outputs: Object.fromEntries(
      parsed.data.outputs.map(({ name, data }) => [
        name,
        shape(data, fields.get(name)),
      ]),
    ),
  };
}

function shape(
  data: JsonValue[],
  field: SignatureField | undefined,
): JsonValue {
  if (data.length === 1) return data[0];
  if (field?.categories?.length === data.length) {
    return Object.fromEntries(
      field.categories.map((category, index) => [category, data[index]]),
    );
  }
  return data;
}

const errorBody = z.looseObject({ error: z.string() });

/** What a server says about a request that it refuses. */
export function refusalOf(body: string): string {
  try {
    return errorBody.parse(JSON.parse(body)).error.slice(0, 500);
  } catch {
    return body.slice(0, 200);
  }
}
