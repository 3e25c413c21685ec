import type { Operation } from '@slipway/plugin-model-delivery-common/contract';
import { z } from 'zod';

/** Where a field of an action's input goes in the request. */
export type Place = 'params' | 'query' | 'body';

/** A field of an action's input, as JSON Schema describes it. */
export interface InputField {
  name: string;
  place: Place;
  required: boolean;
  schema: JsonSchema;
}

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What the entity reference of a model stands for in the REST API. */
const MODEL_FIELDS = ['namespace', 'name', 'kind'];

/** Whether an operation is about one model. */
export function isAboutModel(op: Operation): boolean {
  return 'namespace' in op.params.shape;
}

/**
 * The fields of an operation's path, query and body as one flat list. The model itself is left out: an
 * action takes its entity reference instead.
 */
export function inputFields(op: Operation): InputField[] {
  const ofModel = (name: string) =>
    isAboutModel(op) && MODEL_FIELDS.includes(name);
  return [
    ...fieldsOf('params', op.params).filter(field => !ofModel(field.name)),
    ...fieldsOf('query', op.query).filter(field => !ofModel(field.name)),
    ...(op.body ? fieldsOf('body', op.body) : []),
  ];
}

function fieldsOf(place: Place, schema: z.ZodType): InputField[] {
  const described = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  // Alternatives are offered as one object: the API checks which fields belong together.
  const objects = described.oneOf ?? described.anyOf ?? [described];
  const fields = new Map<string, InputField>();
  for (const object of objects) {
    for (const [name, property] of Object.entries(object.properties ?? {})) {
      const known = fields.get(name);
      fields.set(name, {
        name,
        place,
        required: objects.every(each => each.required?.includes(name)),
        schema: known
          ? eitherOf(known.schema, property as JsonSchema)
          : (property as JsonSchema),
      });
    }
  }
  return [...fields.values()];
}

/** Constants that differ between alternatives become one choice. */
function eitherOf(a: JsonSchema, b: JsonSchema): JsonSchema {
  return a.const !== undefined && b.const !== undefined && a.const !== b.const
    ? { enum: [a.const, b.const] }
    : a;
}
