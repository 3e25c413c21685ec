import { z } from 'zod';

/** As the contract has it for ids and rows of a request. */
const LONGEST_ID = 200;
const MAX_ROWS = 1_000;
/** Characters of the inputs of one request; larger ones are not kept. */
const INPUTS_LIMIT = 64 * 1024;

const cell = z.union([z.string(), z.number(), z.boolean()]);
const answer = z.object({
  id: z.string().min(1).max(LONGEST_ID),
  model_version: z.string().max(255).nullish(),
  outputs: z.array(z.object({ data: z.array(cell).max(MAX_ROWS) })).min(1),
});
const request = z.object({
  inputs: z.array(z.object({ name: z.string(), data: z.array(z.json()) })),
});

/** Inputs of a request: by name, a value for each row. */
export const columnsSchema = z.record(z.string(), z.array(z.json()));
export type Columns = z.infer<typeof columnsSchema>;

/** What one request had predicted. */
export interface Prediction {
  id: string;
  version: string | null;
  /** One for each row. Classes are texts. */
  answers: (string | number)[];
  inputs: Columns | null;
}

/**
 * What an inference request and its answer say.
 *
 * @returns undefined where no label could be given for it: the answer has no id, or no values.
 */
export function readExchange(
  asked: Buffer,
  answered: Buffer,
): Prediction | undefined {
  const found = answer.safeParse(parse(answered));
  if (!found.success) return undefined;
  const { id, model_version: version, outputs } = found.data;
  return {
    id,
    version: version ?? null,
    answers: outputs[0].data.map(value =>
      typeof value === 'boolean' ? String(value) : value,
    ),
    inputs: columnsOf(asked),
  };
}

function columnsOf(asked: Buffer): Columns | null {
  if (asked.length > INPUTS_LIMIT) return null;
  const found = request.safeParse(parse(asked));
  return found.success
    ? Object.fromEntries(found.data.inputs.map(i => [i.name, i.data]))
    : null;
}

/** @returns undefined for what is not JSON. */
export function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
