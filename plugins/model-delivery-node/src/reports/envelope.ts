import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

/** A report that cannot be read; the message says which and where. */
export class ReportError extends Error {
  readonly name = 'ReportError';
}

const nullable = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform(value => value ?? null);
export const num = nullable(z.number());
export const text = nullable(z.string().max(10_000));
export const interval = nullable(z.tuple([z.number(), z.number()]));
export { nullable };

/** What every JSON report has. */
export const envelope = z.looseObject({
  schema: z.string().regex(/^model-delivery\/[a-z-]+\/v1$/),
  status: z.enum(['pass', 'fail', 'error', 'skipped']),
  created: z.iso.datetime({ offset: true }),
  inputs: z
    .looseObject({
      dataset: z
        .looseObject({
          name: text,
          digest: text,
          rows: nullable(z.int()),
        })
        .nullish(),
    })
    .nullish(),
  reasons: z.array(z.string().max(2_000)).max(100).default([]),
  reason: text,
});

/** A gate as a report tells it. */
export const reportedGate = z.looseObject({
  id: z.string().max(200),
  rule: z.string().max(500).default(''),
  observed: num,
  limit: num,
  pass: nullable(z.boolean()),
  blocking: z.boolean().default(true),
  reason: text,
});
export type ReportedGate = z.infer<typeof reportedGate>;

/**
 * Parses a JSON report.
 *
 * @param file - as people know it, such as `reports/metrics.json`.
 * @throws ReportError that names the file, the field and what was found there.
 */
export function parseReport<T extends z.ZodType>(
  schema: T,
  file: string,
  content: Buffer,
): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (error) {
    throw new ReportError(
      `${file} is not JSON: ${(error as Error).message.slice(0, 200)}.`,
    );
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new ReportError(
      `${file} does not hold: ${describeIssues(
        'report',
        parsed.error,
        value,
      ).slice(0, 600)}`,
    );
  }
  return parsed.data;
}
