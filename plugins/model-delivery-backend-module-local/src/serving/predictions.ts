import { z } from 'zod';

/** An answer of the inference protocol, as far as its predictions go. */
const answer = z.object({
  outputs: z
    .array(
      z.object({
        datatype: z.string(),
        data: z.array(z.union([z.string(), z.number(), z.boolean()])),
      }),
    )
    .min(1),
});

export interface Predictions {
  /** One for each row; numbers by range. */
  names: string[];
  /** Whether they are classes, so that two models can agree on one. */
  classes: boolean;
}

/** What the first output of an answer predicts; undefined where it cannot be read. */
export function predictionsOf(body: Buffer): Predictions | undefined {
  const parsed = answer.safeParse(parse(body.toString('utf8')));
  if (!parsed.success) return undefined;
  const [{ datatype, data }] = parsed.data.outputs;
  const classes = !datatype.startsWith('FP');
  return {
    classes,
    names: data.map(value =>
      // Two models rarely predict the same number: one significant digit tells the range.
      String(
        typeof value === 'number' && !classes
          ? Number(value.toPrecision(1))
          : value,
      ).slice(0, 100),
    ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
