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

/**
 * One row as a request, by the version's signature. Inputs that are not given are left out: the
 * server says which it cannot do without.
 *
 * @throws ProviderError `bad-data` for a name the signature does not have.
 */
export function inferRequest(
  signature: Signature,
  inputs: Record<string, JsonValue>,
): InferRequest {
  const known = new Map(signature.inputs.map(field => [field.name, field]));
  const unknown = Object.keys(inputs).find(name => !known.has(name));
  if (unknown !== undefined) {
    throw new ProviderError(
      'bad-data',
      `The model has no input ${JSON.stringify(unknown)}; it has ${[
        ...known.keys(),
      ].join(', ')}.`,
    );
  }
  return {
    inputs: signature.inputs.flatMap(field => {
      const value = inputs[field.name];
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
