import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { parseEntityRef } from '@backstage/catalog-model';
import { InputError, ResponseError } from '@backstage/errors';
import { ModelDeliveryClient } from '@slipway/plugin-model-delivery-common/client';
import {
  type Operation,
  operations,
} from '@slipway/plugin-model-delivery-common/contract';
import { inputFields, type InputField, isAboutModel } from './inputFields';
import { toRegistrySchema } from './toRegistrySchema';
import { type Verb, VERBS } from './verbs';

const MODEL_FIELD: InputField = {
  name: 'model',
  place: 'params',
  required: true,
  schema: {
    type: 'string',
    description:
      'Entity reference of the model, such as mlmodel:default/penguin-species',
  },
};

/**
 * Offers the verbs as actions, thus as MCP tools and as steps of software templates. Each calls the REST
 * API on behalf of its caller, so permissions, checks and the audit log are those of the pages.
 */
export function registerActions(options: {
  registry: ActionsRegistryService;
  auth: AuthService;
  discovery: DiscoveryService;
}): void {
  const { registry, auth, discovery } = options;
  const client = new ModelDeliveryClient({
    discoveryApi: discovery,
    fetchApi: { fetch },
  });
  for (const verb of VERBS) {
    const op: Operation = operations[verb.operation];
    const fields = inputFields(op);
    const readOnly = op.method === 'get' || verb.operation === 'predict';
    registry.register({
      name: verb.name,
      title: verb.title,
      description: `${op.summary}. Permission: ${op.permission}.`,
      attributes: {
        readOnly,
        destructive: verb.destructive ?? false,
        idempotent: readOnly || op.idempotent === true,
      },
      schema: {
        input: z =>
          toRegistrySchema(
            z,
            isAboutModel(op) ? [MODEL_FIELD, ...fields] : fields,
          ),
        output: z => z.object({}).passthrough(),
      },
      action: async ({ input, credentials }) => {
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: credentials,
          targetPluginId: 'model-delivery',
        });
        return { output: await call(client, verb, fields, input, token) };
      },
    });
  }
}

/** @throws the error that the API answered with, under its own name and with its own message. */
async function call(
  client: ModelDeliveryClient,
  verb: Verb,
  fields: InputField[],
  input: Record<string, unknown>,
  token: string,
): Promise<Record<string, unknown>> {
  const op: Operation = operations[verb.operation];
  const request = {
    params: {} as Record<string, unknown>,
    query: {} as Record<string, unknown>,
    body: op.body && ({} as Record<string, unknown>),
  };
  if (isAboutModel(op)) {
    const { kind, namespace, name } = modelOf(String(input.model));
    Object.assign(request.params, { namespace, name });
    request.query.kind = kind;
  }
  for (const { name, place } of fields) {
    const part = request[place];
    if (part && input[name] !== undefined) part[name] = input[name];
  }
  try {
    const answer: unknown = await client.call(verb.operation, {
      ...request,
      token,
    } as never);
    return typeof answer === 'string'
      ? { text: answer }
      : (answer as Record<string, unknown>);
  } catch (error) {
    throw error instanceof ResponseError ? error.cause : error;
  }
}

function modelOf(ref: string) {
  try {
    return parseEntityRef(ref, {
      defaultKind: 'mlmodel',
      defaultNamespace: 'default',
    });
  } catch {
    throw new InputError(
      `"${ref}" is no entity reference; give one such as mlmodel:default/penguin-species`,
    );
  }
}
