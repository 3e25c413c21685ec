import { createHash } from 'node:crypto';
import {
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_API_PROVIDED_BY,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  RELATION_HAS_PART,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
  RELATION_PART_OF,
  RELATION_PROVIDES_API,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  type CatalogProcessor,
  type CatalogProcessorCache,
  type CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  isModelEntity,
  MODEL_API_VERSION,
  MODEL_KIND,
  RELATION_TRAINED_ON,
  RELATION_TRAINING_DATA_OF,
} from '@slipway/plugin-model-delivery-common';
import {
  type ModelEntitySpec,
  parseModelEntitySpec,
} from '@slipway/plugin-model-delivery-common/schema';

type RelationRule = {
  refs: (spec: ModelEntitySpec) => string[];
  defaultKind: string;
  from: string;
  to: string;
};

const RELATIONS: RelationRule[] = [
  {
    refs: spec => [spec.owner],
    defaultKind: 'Group',
    from: RELATION_OWNED_BY,
    to: RELATION_OWNER_OF,
  },
  {
    refs: spec => (spec.system ? [spec.system] : []),
    defaultKind: 'System',
    from: RELATION_PART_OF,
    to: RELATION_HAS_PART,
  },
  {
    refs: spec => spec.providesApis ?? [],
    defaultKind: 'API',
    from: RELATION_PROVIDES_API,
    to: RELATION_API_PROVIDED_BY,
  },
  {
    refs: spec => spec.dependsOn ?? [],
    defaultKind: 'Component',
    from: RELATION_DEPENDS_ON,
    to: RELATION_DEPENDENCY_OF,
  },
  {
    refs: spec => spec.trainedOn ?? [],
    defaultKind: 'Resource',
    from: RELATION_TRAINED_ON,
    to: RELATION_TRAINING_DATA_OF,
  },
];

/** Under this key the catalog keeps the hash of what was announced last. */
const ANNOUNCED = 'announced';

/** Brings the `MLModel` kind into the catalog, and announces each model that changed. */
export class ModelKindProcessor implements CatalogProcessor {
  readonly #onProcessed: (entityRef: string) => void;

  constructor(onProcessed: (entityRef: string) => void) {
    this.#onProcessed = onProcessed;
  }

  getProcessorName(): string {
    return 'ModelKindProcessor';
  }

  /** @throws InputError naming the field, its value and what would be right. */
  async validateEntityKind(entity: Entity): Promise<boolean> {
    if (entity.kind !== MODEL_KIND) return false;
    if (entity.apiVersion !== MODEL_API_VERSION) {
      throw new InputError(
        `apiVersion is ${JSON.stringify(
          entity.apiVersion,
        )}: for kind ${MODEL_KIND} it must be ${MODEL_API_VERSION}`,
      );
    }
    try {
      parseModelEntitySpec(entity.spec ?? {});
    } catch (error) {
      throw new InputError((error as Error).message);
    }
    return true;
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    if (entity.kind === MODEL_KIND) this.#emitRelations(entity, emit);
    if (isModelEntity(entity)) await this.#announce(entity, cache);
    return entity;
  }

  /** The catalog processes each entity every few minutes; only a change is news. */
  async #announce(entity: Entity, cache: CatalogProcessorCache): Promise<void> {
    const hash = createHash('sha256')
      .update(JSON.stringify(entity))
      .digest('hex');
    if ((await cache.get<string>(ANNOUNCED)) === hash) return;
    this.#onProcessed(stringifyEntityRef(entity));
    await cache.set(ANNOUNCED, hash);
  }

  #emitRelations(entity: Entity, emit: CatalogProcessorEmit): void {
    const spec = parseModelEntitySpec(entity.spec ?? {});
    const self = getCompoundEntityRef(entity);
    for (const rule of RELATIONS) {
      for (const ref of rule.refs(spec)) {
        const target = parseEntityRef(ref, {
          defaultKind: rule.defaultKind,
          defaultNamespace: self.namespace,
        });
        emit(
          processingResult.relation({
            source: self,
            type: rule.from,
            target,
          }),
        );
        emit(
          processingResult.relation({
            source: target,
            type: rule.to,
            target: self,
          }),
        );
      }
    }
  }
}
