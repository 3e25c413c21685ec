import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type Operation, operations } from '../contract';

const problem = z
  .object({
    error: z.object({ name: z.string(), message: z.string() }).loose(),
    response: z.object({ statusCode: z.int() }).loose(),
  })
  .loose()
  .meta({ id: 'Error' });

const ERRORS = {
  '400':
    'The request is invalid, or has a NUL character; the message names the field',
  '401': 'No valid Backstage token',
  '403': 'The permission is denied',
  '404': 'The object does not exist, or the caller has no permission to see it',
  '409':
    'The request conflicts with the current state; the message names the conflict',
  '422': 'The Idempotency-Key was used before for another request',
  '503': 'The outside system did not answer',
} as const;

const MEDIA_TYPES = {
  json: 'application/json',
  text: 'text/plain',
  page: 'text/html',
} as const;

/** The OpenAPI 3.1 document of the whole API. */
export function openApiDocument(): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const [id, op] of Object.entries(operations) as [string, Operation][]) {
    const path = op.path.replace(/:([A-Za-z]+)/g, '{$1}');
    const codes: (keyof typeof ERRORS)[] = ['400', '401', '403', '404'];
    if (op.errors?.includes('conflict')) codes.push('409');
    if (op.idempotent) codes.push('422');
    if (op.errors?.includes('unavailable')) codes.push('503');
    paths[path] = {
      ...paths[path],
      [op.method]: {
        operationId: id,
        summary: op.summary,
        description: `Permission: \`${op.permission}\`.${
          op.servicesOnly ? ' For other Backstage plugins only.' : ''
        }`,
        requestParams: {
          path: op.params,
          query: op.query,
          ...(op.idempotent
            ? {
                header: z.object({
                  'idempotency-key': z.string().min(1).max(200).optional(),
                }),
              }
            : {}),
        },
        ...(op.body
          ? {
              requestBody: {
                required: true,
                content: { 'application/json': { schema: op.body } },
              },
            }
          : {}),
        responses: {
          '200': {
            description: 'Success',
            content: {
              [MEDIA_TYPES[op.answerType ?? 'json']]: { schema: op.answer },
            },
          },
          ...Object.fromEntries(
            codes.map(code => [
              code,
              {
                description: ERRORS[code],
                content: { 'application/json': { schema: problem } },
              },
            ]),
          ),
        },
      },
    };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Slipway model delivery',
      version: '1',
      license: {
        name: 'Apache-2.0',
        url: 'https://www.apache.org/licenses/LICENSE-2.0',
      },
    },
    servers: [{ url: '/api/model-delivery/v1' }],
    components: {
      securitySchemes: {
        backstage: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ backstage: [] }],
    paths,
  });
}
