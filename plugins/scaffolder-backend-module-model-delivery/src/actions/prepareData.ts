import fs from 'node:fs/promises';
import path from 'node:path';
import {
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { prepareData } from '../data/prepare';
import { USUAL_MISSING } from '../data/table';

const MAX_BYTES = 50 * 1024 * 1024;

/** Reads a team's own CSV and makes the data folder of a model project from it. */
export function createPrepareDataAction(options: { reader: UrlReaderService }) {
  return createTemplateAction({
    id: 'model-delivery:data:prepare',
    description:
      'Reads a CSV, infers its columns, and splits it into training data and holdout',
    supportsDryRun: true,
    examples: [
      {
        description: 'Use a CSV of a repository that an integration can read',
        example: `steps:
  - id: own-data
    name: Read and split your data
    action: model-delivery:data:prepare
    input:
      name: churn-risk
      url: https://github.com/acme/data/blob/main/churn.csv
      target: churned
      task: classification
      exclude: [customer_id]
      licence: internal
`,
      },
    ],
    schema: {
      input: {
        name: z => z.string({ description: 'Name of the data' }).min(1).max(63),
        url: z =>
          z.string({
            description:
              'Address of the CSV; backend.reading.allow or an integration decides whether it may be read',
          }),
        target: z => z.string({ description: 'The column to predict' }),
        task: z => z.enum(['classification', 'regression']),
        exclude: z =>
          z
            .array(z.string(), { description: 'Columns to leave out' })
            .optional(),
        knownBefore: z =>
          z
            .array(z.string(), {
              description:
                'Columns that tell the target by themselves, and that a row has when the model predicts',
            })
            .optional(),
        missing: z =>
          z
            .array(z.string(), {
              description: `Texts that mean a missing value; if left out ${USUAL_MISSING.join(' ')}`,
            })
            .optional(),
        timeColumn: z =>
          z
            .string({ description: 'If named, the newest rows are held out' })
            .optional(),
        groupColumn: z =>
          z
            .string({ description: 'If named, no group is on both sides' })
            .optional(),
        licence: z => z.string({ description: 'Licence of the data' }).max(200),
      },
      output: {
        primaryMetric: z =>
          z.string({ description: 'The metric that fits the target' }),
      },
    },
    async handler(ctx) {
      const { url, exclude, knownBefore, missing, timeColumn, groupColumn } =
        ctx.input;
      const content = await read(options.reader, url);
      const prepared = prepareData(content, {
        ...ctx.input,
        exclude: exclude ?? [],
        knownBefore: knownBefore ?? [],
        missing: missing?.length ? missing : undefined,
        timeColumn: timeColumn || undefined,
        groupColumn: groupColumn || undefined,
      });
      for (const [name, text] of Object.entries(prepared.files)) {
        const file = resolveSafeChildPath(ctx.workspacePath, name);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, text);
      }
      for (const note of prepared.notes) ctx.logger.info(note);
      ctx.output('primaryMetric', prepared.primaryMetric);
    },
  });
}

async function read(reader: UrlReaderService, url: string): Promise<Buffer> {
  try {
    const response = await reader.readUrl(url);
    const content = await response.buffer();
    if (content.length > MAX_BYTES) {
      throw new InputError(
        `The CSV has ${content.length} bytes; at most ${MAX_BYTES} are read`,
      );
    }
    return content;
  } catch (error) {
    if (error instanceof NotAllowedError) {
      throw new NotAllowedError(
        `${url} may not be read: name its host in backend.reading.allow of app-config, or configure an integration for it`,
      );
    }
    throw error;
  }
}
