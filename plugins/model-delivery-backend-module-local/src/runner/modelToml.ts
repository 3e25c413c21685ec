import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { parse } from 'smol-toml';
import { z } from 'zod';

const part = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'letters, digits, _, . and -');
const relativePath = z
  .string()
  .refine(
    value => !value.startsWith('/') && !value.split('/').includes('..'),
    'a path inside the repository',
  );

/** What of `model.toml` the engine needs; the rest is the project's own. */
const modelToml = z.looseObject({
  contract: z.literal('1', 'must be "1", the supported contract'),
  model: z.looseObject({
    name: part,
    package: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, {
      message: 'the name of a Python package',
    }),
  }),
  data: z
    .looseObject({
      locator: relativePath.optional(),
      holdout: relativePath.optional(),
      /** Labelled rows that arrived since the data was made. */
      arriving: relativePath.optional(),
    })
    .prefault({}),
  train: z.looseObject({
    variants: z.array(part).min(1).max(50),
    seeds: z.array(z.int().min(0)).min(1).max(50),
  }),
});
export type ModelToml = z.infer<typeof modelToml>;

/** A `model.toml` that does not hold; the message says where. */
export class ModelTomlError extends Error {
  readonly name = 'ModelTomlError';
}

/** @throws ModelTomlError */
export function parseModelToml(text: string): ModelToml {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new ModelTomlError(
      `model.toml is not TOML: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  const parsed = modelToml.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new ModelTomlError(describeIssues('model.toml', parsed.error, value));
  }
  return parsed.data;
}
