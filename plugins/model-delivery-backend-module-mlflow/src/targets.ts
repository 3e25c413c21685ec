import {
  type ModelTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { parseTarget } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';

/** What MLflow allows in a registered model's name. */
const registeredName = z
  .string()
  .min(1)
  .max(500)
  .refine(
    // eslint-disable-next-line no-control-regex
    name => !/[/:\u0000]/.test(name),
    'the name of a registered model, without slash and colon',
  );

const mlflowTarget = z.looseObject({ name: registeredName });

/** The registered model that an entity names. @throws ProviderError `bad-data` */
export function registeredModelOf(model: ModelTarget): string {
  return parseTarget(mlflowTarget, model.target).name;
}

/** MLflow counts versions from 1. @throws ProviderError `not-found` for any other name. */
export function versionNumber(name: string, version: string): string {
  if (/^[1-9]\d{0,9}$/.test(version) && Number(version) <= 2_147_483_647) {
    return version;
  }
  throw new ProviderError(
    'not-found',
    `${name} has no version ${JSON.stringify(version.slice(0, 80))}: MLflow counts versions from 1.`,
  );
}
