import type { ModelTarget } from '@slipway/plugin-model-delivery-node';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

export const PROVIDER_ID = 'local';
export const PROVIDER_TITLE = 'This machine';

const localTarget = z.looseObject({
  repository: z.string().optional(),
  name: z.string().optional(),
});

/**
 * The repository that a model's target means: `repository` of a pipeline, `name` of a registry,
 * else the model's own name.
 *
 * @throws ProviderError `bad-data`
 */
export function repositoryOf(model: ModelTarget): string {
  const parsed = localTarget.safeParse(model.target);
  if (!parsed.success) {
    throw new ProviderError(
      'bad-data',
      `The target of ${model.entityRef} does not hold: repository and name are texts.`,
    );
  }
  return parsed.data.repository ?? parsed.data.name ?? model.name;
}

const keyPart = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * The path under which an environment of a model is served: `namespace/name/environment`.
 *
 * @throws ProviderError `bad-data`
 */
export function environmentKey(target: {
  namespace: string;
  name: string;
  environment: string;
}): string {
  const parts = [target.namespace, target.name, target.environment].map(part =>
    part.toLocaleLowerCase('en-US'),
  );
  if (!parts.every(part => keyPart.test(part) && !part.includes('..'))) {
    throw new ProviderError(
      'bad-data',
      `${JSON.stringify(parts.join('/'))} cannot be the address of an environment.`,
    );
  }
  return parts.join('/');
}
