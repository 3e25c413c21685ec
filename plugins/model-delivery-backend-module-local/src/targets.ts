import type {
  ModelTarget,
  TargetIdentity,
} from '@slipway/plugin-model-delivery-node';
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
      `The target of ${model.entityRef} is invalid: repository and name must be texts.`,
    );
  }
  return parsed.data.repository ?? parsed.data.name ?? model.name;
}

const keyPart = /^[a-z0-9][a-z0-9._-]*$/;

const servedTarget = z.looseObject({ service: z.string().optional() });

/** The place in which an environment of a model is served. */
export interface ServedTarget {
  namespace: string;
  name: string;
  environment: string;
  /** Its `service` is the model's own name where it is left out. */
  target?: unknown;
}

/**
 * The path under which an environment is served: `namespace/service/environment`.
 *
 * @throws ProviderError `bad-data`
 */
export function environmentKey(target: ServedTarget): string {
  const parts = [target.namespace, serviceOf(target), target.environment].map(
    part => part.toLocaleLowerCase('en-US'),
  );
  if (!parts.every(part => keyPart.test(part) && !part.includes('..'))) {
    throw new ProviderError(
      'bad-data',
      `${JSON.stringify(parts.join('/'))} cannot be the address of an environment.`,
    );
  }
  return parts.join('/');
}

/**
 * The physical place: a service of another name than the model's own can belong to another model, so
 * a rule must grant it.
 *
 * @throws ProviderError `bad-data`
 */
export function identifyTarget(target: ServedTarget): TargetIdentity {
  const key = environmentKey(target);
  const [namespace, service] = key.split('/');
  const isOwn = service === target.name.toLocaleLowerCase('en-US');
  return {
    key: `${PROVIDER_ID}:${key}`,
    names: isOwn ? {} : { namespace, service },
  };
}

function serviceOf({ name, target }: ServedTarget): string {
  const parsed = servedTarget.safeParse(target ?? {});
  if (!parsed.success) {
    throw new ProviderError('bad-data', 'The service of a target is a text.');
  }
  return parsed.data.service ?? name;
}
