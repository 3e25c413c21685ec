import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  isModelEntity,
  MODEL_TYPES,
} from '@slipway/plugin-model-delivery-common';
import {
  type DeliverySpec,
  InvalidModelSpecError,
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { Targets } from '../providers/Targets';
import { declaredSources } from './declaredSources';
import { entityKeys } from './entityKeys';

const FILTER: Record<string, string | string[]>[] = [
  { kind: 'MLModel' },
  { kind: 'Component', 'spec.type': [...MODEL_TYPES] },
  { kind: 'Resource', 'spec.type': [...MODEL_TYPES] },
];
/** A sweep that would remove more than this share of the models is not believed. */
const MAX_REMOVED_SHARE = 0.5;
const MIN_FOR_GUARD = 4;

/** Brings the catalog's models into our `model` table. */
export class CatalogSync {
  /** By this process, whose modules may be other ones than those of the last. */
  readonly #declared = new Set<string>();

  constructor(
    private readonly options: {
      catalog: CatalogService;
      auth: AuthService;
      stores: Stores;
      registry: ProviderRegistry;
      targets: Targets;
      defaults: Partial<DeliverySpec>;
      logger: LoggerService;
      /** Called after a model was written. */
      onChanged: (spec: ModelSpec) => Promise<void>;
      now: () => Date;
    },
  ) {}

  /**
   * Reads all supported entities; removes what has left, unless that is most of them. What people
   * took back, and what says no longer what it has to, is no loss: it goes however much it is.
   */
  async sweep(): Promise<void> {
    const { catalog, stores, logger } = this.options;
    const seen = new Set<string>();
    const unreadable = new Set<string>();
    for await (const page of catalog.streamEntities(
      { filter: FILTER },
      await this.#credentials(),
    )) {
      for (const entity of page) {
        try {
          const ref = await this.#store(entity);
          if (ref) seen.add(ref);
        } catch (error) {
          if (!(error instanceof InvalidModelSpecError)) throw error;
          logger.warn(
            `A model of the catalog is not followed: ${error.message}`,
          );
          unreadable.add(stringifyEntityRef(entity));
        }
      }
    }
    const known = await stores.models.refs();
    const takenBack = new Set(
      (await stores.registered.allTakenBack()).map(t => t.entityRef),
    );
    const left = known.filter(ref => !seen.has(ref));
    const isWanted = (ref: string) => takenBack.has(ref) || unreadable.has(ref);
    const wanted = left.filter(isWanted);
    const gone = left.filter(ref => !isWanted(ref));
    const now = this.options.now().toISOString();
    if (wanted.length > 0) await stores.models.markRemoved(wanted, now);
    if (gone.length === 0) return;
    if (
      seen.size === 0 ||
      (known.length >= MIN_FOR_GUARD &&
        gone.length > known.length * MAX_REMOVED_SHARE)
    ) {
      logger.warn(
        `The catalog no longer names ${gone.length} of ${known.length} models; keeping them until it does or fewer are gone at once`,
      );
      return;
    }
    await stores.models.markRemoved(gone, now);
  }

  /**
   * Reads one entity now; answers its ref if it is a model.
   *
   * @throws InvalidModelSpecError
   */
  async readOne(entityRef: string): Promise<string | undefined> {
    const entity = await this.options.catalog.getEntityByRef(
      entityRef,
      await this.#credentials(),
    );
    return entity && this.#store(entity);
  }

  async #store(entity: Entity): Promise<string | undefined> {
    if (!isModelEntity(entity)) return undefined;
    const { stores, defaults } = this.options;
    const now = this.options.now().toISOString();
    const spec = modelSpecFromEntity(entity, defaults);
    const problem = this.options.targets.problemOf(spec);
    if (problem) throw new InvalidModelSpecError(problem);
    const changed = await stores.models.upsert(spec, entityKeys(entity), now);
    if (changed || !this.#declared.has(spec.entityRef)) {
      await stores.sources.declare(
        spec.entityRef,
        declaredSources(spec, this.options.registry),
        now,
        { due: changed },
      );
      this.#declared.add(spec.entityRef);
    }
    if (changed) await this.options.onChanged(spec);
    return spec.entityRef;
  }

  async #credentials() {
    return { credentials: await this.options.auth.getOwnServiceCredentials() };
  }
}
