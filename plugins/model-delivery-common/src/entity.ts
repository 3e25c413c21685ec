import {
  ANNOTATION_PIPELINES,
  ANNOTATION_VERSIONS,
  MODEL_KIND,
  MODEL_TYPES,
} from './constants';

/** The little of a catalog entity that the guards look at. */
type EntityLike = {
  kind: string;
  metadata: { annotations?: Record<string, string> };
  spec?: { type?: unknown } | object;
};

/**
 * Whether an entity is a model: an `MLModel`, or a Component or Resource of type
 * `ml-model`/`ai-model` that carries at least one of our annotations.
 */
export function isModelEntity(entity: EntityLike): boolean {
  const kind = entity.kind.toLocaleLowerCase('en-US');
  if (kind === MODEL_KIND.toLocaleLowerCase('en-US')) return true;
  if (kind !== 'component' && kind !== 'resource') return false;
  const type = String((entity.spec as { type?: unknown })?.type ?? '');
  const annotations = entity.metadata.annotations ?? {};
  return (
    (MODEL_TYPES as readonly string[]).includes(type) &&
    (ANNOTATION_PIPELINES in annotations || ANNOTATION_VERSIONS in annotations)
  );
}
