import type { Entity } from '@backstage/catalog-model';
import {
  getCompoundEntityRef,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { z } from 'zod';
import { ANNOTATION_PIPELINES, ANNOTATION_VERSIONS } from '../constants';
import { isModelEntity } from '../entity';
import type { ProviderTarget } from './base';
import { describeIssues } from './describeIssues';
import {
  type DeliverySpec,
  type ModelEntitySpec,
  type ModelSpec,
  modelEntitySpec,
} from './spec';

/** A spec that does not hold; the message names each field, its value and what would be right. */
export class InvalidModelSpecError extends Error {
  readonly name = 'InvalidModelSpecError';
}

/**
 * Turns any supported entity into the one form that everything else works on.
 *
 * @param defaults - what an annotated Component or Resource gets, since an annotation cannot say
 *   it; an `MLModel` says everything itself.
 * @throws InvalidModelSpecError where the entity is not a model or its spec does not hold.
 */
export function modelSpecFromEntity(
  entity: Entity,
  defaults: Partial<DeliverySpec> = {},
): ModelSpec {
  if (!isModelEntity(entity)) {
    throw new InvalidModelSpecError(
      `${stringifyEntityRef(entity)} is not a model: it is neither an MLModel nor an annotated Component or Resource of type ml-model or ai-model`,
    );
  }
  const spec =
    entity.kind.toLocaleLowerCase('en-US') === 'mlmodel'
      ? parseModelEntitySpec(entity.spec ?? {})
      : parseModelEntitySpec(specFromAnnotations(entity, defaults));
  const { kind, namespace, name } = getCompoundEntityRef(entity);
  const ref = (value: string, defaultKind: string) =>
    stringifyEntityRef(
      parseEntityRef(value, { defaultKind, defaultNamespace: namespace }),
    );
  return {
    entityRef: stringifyEntityRef(entity),
    kind: kind.toLocaleLowerCase('en-US'),
    namespace: namespace.toLocaleLowerCase('en-US'),
    name: name.toLocaleLowerCase('en-US'),
    title: entity.metadata.title ?? null,
    description: entity.metadata.description ?? null,
    tags: entity.metadata.tags ?? [],
    owner: spec.owner ? ref(spec.owner, 'Group') : null,
    system: spec.system ? ref(spec.system, 'System') : null,
    type: spec.type,
    framework: spec.framework ?? null,
    lifecycle: spec.lifecycle,
    trainedOn: (spec.trainedOn ?? []).map(r => ref(r, 'Resource')),
    providesApis: (spec.providesApis ?? []).map(r => ref(r, 'API')),
    annotations: entity.metadata.annotations ?? {},
    pipelines: spec.pipelines,
    versions: spec.versions,
    environments: spec.environments,
    monitors: spec.monitors,
    feedback: spec.feedback,
  };
}

/** Parses the `spec` of an `MLModel`. @throws InvalidModelSpecError */
export function parseModelEntitySpec(spec: unknown): ModelEntitySpec {
  const parsed = modelEntitySpec.safeParse(spec, { reportInput: true });
  if (!parsed.success) {
    throw new InvalidModelSpecError(describeIssues('spec', parsed.error, spec));
  }
  return parsed.data;
}

/** The JSON Schema of the `spec` of an `MLModel`, as people write it. */
export function modelEntitySpecJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(modelEntitySpec, { io: 'input' }) as Record<
    string,
    unknown
  >;
}

function specFromAnnotations(
  entity: Entity,
  defaults: Partial<DeliverySpec>,
): unknown {
  const annotations = entity.metadata.annotations ?? {};
  const spec = (entity.spec ?? {}) as Record<string, unknown>;
  const pipelines = annotations[ANNOTATION_PIPELINES];
  const versions = annotations[ANNOTATION_VERSIONS];
  return {
    type: spec.type,
    lifecycle: spec.lifecycle ?? 'unknown',
    owner: spec.owner,
    system: spec.system,
    dependsOn: spec.dependsOn,
    providesApis: spec.providesApis,
    pipelines: pipelines
      ?.split(',')
      .map(value => targetFromAnnotation(ANNOTATION_PIPELINES, value)),
    versions:
      versions === undefined
        ? undefined
        : targetFromAnnotation(ANNOTATION_VERSIONS, versions),
    environments: defaults.environments ?? [],
    monitors: defaults.monitors ?? [],
    feedback: defaults.feedback ?? [],
  };
}

/** What an annotation names is called in the target, and what it might be. */
const NAMED = {
  [ANNOTATION_PIPELINES]: {
    field: 'repository',
    example: 'github:acme/penguin-species',
  },
  [ANNOTATION_VERSIONS]: { field: 'name', example: 'mlflow:penguin-species' },
};

/** `<provider>:<name>`; the name may hold colons. */
function targetFromAnnotation(
  annotation: keyof typeof NAMED,
  value: string,
): ProviderTarget {
  const { field, example } = NAMED[annotation];
  const [, provider, name] =
    /^([a-z][a-z0-9-]*):\s*(\S.*)$/s.exec(value.trim()) ?? [];
  if (provider) return { provider, [field]: name };
  throw new InvalidModelSpecError(
    `metadata.annotations["${annotation}"] is ${JSON.stringify(
      value,
    )}; write <provider>:<name>, such as ${example}, with the provider's id as app-config has it`,
  );
}
