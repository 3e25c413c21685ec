import {
  ANNOTATION_PIPELINES,
  ANNOTATION_VERSIONS,
} from '@slipway/plugin-model-delivery-common';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';

const ANNOTATIONS = {
  pipelines: `the annotation ${ANNOTATION_PIPELINES}`,
  versions: `the annotation ${ANNOTATION_VERSIONS}`,
  environments:
    'modelDelivery.defaults.environments of app-config, or declare it as an MLModel',
};

/** Where a person names what a model lacks, which its kind decides. */
export function whereToName(
  spec: ModelSpec,
  part: keyof typeof ANNOTATIONS,
): string {
  return spec.kind === 'mlmodel'
    ? `spec.${part} of its entity`
    : ANNOTATIONS[part];
}
