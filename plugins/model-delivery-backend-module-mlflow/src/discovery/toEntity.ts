import {
  MODEL_API_VERSION,
  MODEL_KIND,
} from '@slipway/plugin-model-delivery-common';
import type { DiscoveredEntity } from '@slipway/plugin-model-delivery-node';
import type { RegisteredModel } from '../api/schemas';
import type { ServerConfig } from '../config';
import { pageOf } from '../versions/toVersion';

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 1_000;
const MAX_WORD = 100;
const ENTITY_REF = /^([a-zA-Z]+:)?([-\w.]+\/)?[-\w.]+$/;

/** Whether a registered model is a prompt, which MLflow keeps beside the models. */
export function isPrompt({ tags }: RegisteredModel): boolean {
  return tags.get('mlflow.prompt.is_prompt') === 'true';
}

/**
 * A registered model as the catalog holds it. Pure, and the same for the same model.
 *
 * @param name - one that the catalog can hold.
 */
export function toEntity(
  server: ServerConfig,
  model: RegisteredModel,
  name: string,
): DiscoveredEntity {
  const { discovery } = server;
  const system = entityRef(model.tags.get(discovery.systemTag));
  const description = model.description.trim().slice(0, MAX_DESCRIPTION);
  return {
    apiVersion: MODEL_API_VERSION,
    kind: MODEL_KIND,
    metadata: {
      name,
      namespace: discovery.namespace,
      ...(name !== model.name && { title: model.name.slice(0, MAX_TITLE) }),
      ...(description && { description }),
      links: [{ url: pageOf(server, model.name), title: server.title }],
    },
    spec: {
      type: word(model.tags.get(discovery.typeTag)) ?? discovery.defaultType,
      lifecycle:
        word(model.tags.get(discovery.lifecycleTag)) ??
        discovery.defaultLifecycle,
      owner:
        entityRef(model.tags.get(discovery.ownerTag)) ?? discovery.defaultOwner,
      ...(system && { system }),
      versions: { provider: server.id, name: model.name },
    },
  };
}

function entityRef(value: string | undefined): string | undefined {
  const ref = value?.trim();
  return ref && ref.length <= 255 && ENTITY_REF.test(ref) ? ref : undefined;
}

function word(value: string | undefined): string | undefined {
  return value?.trim().slice(0, MAX_WORD) || undefined;
}
