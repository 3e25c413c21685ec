import { setTimeout as delay } from 'node:timers/promises';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';

const POLL_MS = 500;
const TIMEOUT_SECONDS = 120;

/** Waits until a model that a provider discovered is in the catalog. */
export function createWaitForModelAction(options: { catalog: CatalogService }) {
  return createTemplateAction({
    id: 'model-delivery:catalog:wait',
    description: 'Waits until a model is in the catalog',
    supportsDryRun: true,
    examples: [
      {
        description: 'Wait for the model of the project just published',
        example: `steps:
  - id: wait
    name: Wait for the catalog
    action: model-delivery:catalog:wait
    input:
      entityRef: \${{ steps.publish.output.entityRef }}
`,
      },
    ],
    schema: {
      input: {
        entityRef: z => z.string({ description: 'The model to wait for' }),
        timeoutSeconds: z =>
          z
            .number({ description: 'How long to wait at most' })
            .int()
            .min(1)
            .max(600)
            .default(TIMEOUT_SECONDS),
      },
      output: {
        entityRef: z => z.string({ description: 'The model in the catalog' }),
      },
    },
    async handler(ctx) {
      // The scaffolder checks inputs by JSON schema, which fills in no default.
      const { entityRef, timeoutSeconds = TIMEOUT_SECONDS } = ctx.input;
      ctx.output('entityRef', entityRef);
      if (ctx.isDryRun) return;
      const deadline = Date.now() + timeoutSeconds * 1000;
      const credentials = await ctx.getInitiatorCredentials();
      while (
        !(await options.catalog.getEntityByRef(entityRef, { credentials }))
      ) {
        if (Date.now() > deadline) {
          const late = new Error(
            `${entityRef} was not in the catalog after ${timeoutSeconds} s. The repository exists; the model appears once the catalog has processed it. If it does not, the log of the catalog names the reason.`,
          );
          late.stack = late.message;
          throw late;
        }
        await delay(POLL_MS, undefined, { signal: ctx.signal });
      }
      ctx.logger.info(`${entityRef} is in the catalog`);
    },
  });
}
