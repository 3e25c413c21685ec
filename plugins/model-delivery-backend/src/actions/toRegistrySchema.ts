import type { z as v3 } from 'zod/v3';
import type { InputField, JsonSchema } from './inputFields';

/**
 * The actions registry describes inputs by schemas of zod 3, and the contract is written with zod 4. What
 * an action takes is described to callers here; the REST API alone decides what is valid.
 */
export function toRegistrySchema(
  z: typeof v3,
  fields: readonly InputField[],
): v3.AnyZodObject {
  return z
    .object(
      Object.fromEntries(
        fields.map(field => {
          const type = typeOf(z, field.schema);
          const described = field.schema.description
            ? type.describe(field.schema.description)
            : type;
          return [
            field.name,
            field.required ? described : described.optional(),
          ];
        }),
      ),
    )
    .strict();
}

function typeOf(z: typeof v3, schema: JsonSchema): v3.ZodTypeAny {
  if (schema.const !== undefined) return z.literal(schema.const as string);
  if (schema.enum) return z.enum(schema.enum as [string, ...string[]]);
  switch (schema.type) {
    case 'string':
      return z.string();
    case 'integer':
      return z.number().int();
    case 'number':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'array':
      return z.array(typeOf(z, (schema.items ?? {}) as JsonSchema));
    case 'object':
      return z.record(z.any());
    default:
      return z.any();
  }
}
