import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  createTemplateAction,
  serializeDirectoryContents,
} from '@backstage/plugin-scaffolder-node';
import { PROJECT_NAME } from '@slipway/plugin-model-delivery-common';
import { ModelDeliveryClient } from '@slipway/plugin-model-delivery-common/client';
import { withAnswerOf } from './withAnswerOf';

/** Publishes the workspace as a new model project, through the provider that hosts it. */
export function createPublishProjectAction(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}) {
  const client = new ModelDeliveryClient({
    discoveryApi: options.discovery,
    fetchApi: { fetch },
  });
  return createTemplateAction({
    id: 'model-delivery:project:publish',
    description:
      'Publishes the files of the workspace as the repository of a new model project',
    supportsDryRun: true,
    examples: [
      {
        description: 'Publish to a Git repository on the portal’s own machine',
        example: `steps:
  - id: publish
    name: Publish the repository
    action: model-delivery:project:publish
    input:
      name: penguin-species
      description: Tells a penguin's species from its measurements
      host: local
`,
      },
    ],
    schema: {
      input: {
        name: z =>
          z
            .string({ description: 'Name of the repository and of the model' })
            .min(PROJECT_NAME.minLength)
            .max(PROJECT_NAME.maxLength),
        description: z =>
          z.string({ description: 'One sentence' }).max(500).optional(),
        host: z =>
          z
            .string({
              description: 'Id of the provider that hosts the project',
            })
            .default('local'),
        message: z =>
          z
            .string({ description: 'Message of the first commit' })
            .max(500)
            .optional(),
      },
      output: {
        cloneUrl: z => z.string({ description: 'Where to clone it from' }),
        commit: z => z.string({ description: 'The first commit' }),
        entityRef: z => z.string({ description: 'The model in the catalog' }),
      },
    },
    async handler(ctx) {
      const files = (
        await serializeDirectoryContents(ctx.workspacePath, {
          gitignore: false,
        })
      ).filter(file => !file.symlink);
      const { name, description, host, message } = ctx.input;
      if (ctx.isDryRun) {
        ctx.logger.info(`Would publish ${files.length} files as ${name}`);
        ctx.output('cloneUrl', `${name}.git`);
        ctx.output('commit', '0'.repeat(40));
        ctx.output('entityRef', `mlmodel:default/${name}`);
        return;
      }
      const author = ctx.user?.entity?.spec.profile;
      const published = await ctx.checkpoint({
        key: `publish.${name}`,
        fn: async () => {
          const { token } = await options.auth.getPluginRequestToken({
            onBehalfOf: await ctx.getInitiatorCredentials(),
            targetPluginId: 'model-delivery',
          });
          return withAnswerOf(() =>
            client.call('createProject', {
              token,
              // A task that is run again after a crash publishes once.
              idempotencyKey: `${ctx.task.id}:${name}`,
              body: {
                provider: host,
                name,
                description: description ?? '',
                author: {
                  name: author?.displayName ?? ctx.user?.ref ?? 'Slipway',
                  email: author?.email ?? 'noreply@example.com',
                },
                message: message ?? `Create ${name} from the model template`,
                files: files.map(file => ({
                  path: file.path,
                  content: file.content.toString('base64'),
                  executable: file.executable ?? false,
                })),
              },
            }),
          );
        },
      });
      ctx.logger.info(
        `Published ${files.length} files to ${published.cloneUrl}`,
      );
      ctx.output('cloneUrl', published.cloneUrl);
      ctx.output('commit', published.commit);
      ctx.output('entityRef', published.entityRef);
    },
  });
}
