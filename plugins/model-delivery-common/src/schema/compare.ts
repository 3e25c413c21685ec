import { z } from 'zod';
import { jsonValue } from './base';
import { evidence } from './evidence';
import { version } from './version';

/** Two or more versions side by side; the first is what the others are compared with. */
export const versionComparison = z
  .object({
    versions: z.array(version.extend({ evidence: z.array(evidence) })),
    metrics: z.array(
      z.object({
        name: z.string(),
        unit: z.string().nullable(),
        direction: z.enum(['max', 'min']),
        values: z.array(
          z.object({
            version: z.string(),
            value: z.number().nullable(),
            ci: z.tuple([z.number(), z.number()]).nullable(),
            /** Against the first version. */
            delta: z.number().nullable(),
            /** Of the paired comparison, where that one was made. */
            pairedCi: z.tuple([z.number(), z.number()]).nullable(),
            reads: z.enum(['better', 'worse', 'no-difference', 'not-proved']),
          }),
        ),
      }),
    ),
    params: z.array(
      z.object({
        name: z.string(),
        values: z.array(jsonValue.nullable()),
        differs: z.boolean(),
      }),
    ),
    /** The differences in a sentence, made from the rows above. */
    summary: z.string(),
  })
  .meta({ id: 'VersionComparison' });
export type VersionComparison = z.infer<typeof versionComparison>;
