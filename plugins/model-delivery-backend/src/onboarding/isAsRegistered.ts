import { ANNOTATION_LOCATION } from '@backstage/catalog-model';
import {
  discoveredLocation,
  REGISTERED_PROVIDER,
} from '@slipway/plugin-model-delivery-common';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';

/** Whether the catalog has the model from what was registered, and not from a file. */
export function isAsRegistered(spec: ModelSpec): boolean {
  const { annotations, namespace, name } = spec;
  return (
    annotations[ANNOTATION_LOCATION]?.toLocaleLowerCase('en-US') ===
    discoveredLocation(REGISTERED_PROVIDER, namespace, name)
  );
}
