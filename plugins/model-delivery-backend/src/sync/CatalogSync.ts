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
import { hashOf } from '../database/ModelStore';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { Targets } from '../providers/Targets';
import { declaredSources } from './declaredSources';
import { entityKeys } from './entityKeys';
import { entityProblem } from './entityProblem';
import { locationProblems } from './locationProblems';

const FILTER: Record<string, string | string[]>[] = [
  { kind: 'MLModel' },
  { kind: 'Component', 'spec.type': [...MODEL_TYPES] },
  { kind: 'Resource', 'spec.type': [...MODEL_TYPES] },
];
/** A sweep that would remove more than this share of the models is not believed. */
const MAX_REMOVED_SHARE = 0.5;
const MIN_FOR_GUARD = 4;

interface Options {
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
}

/** Brings the catalog's models into our `model` table. */
export class CatalogSync {
  readonly #options: Options;
  /** By this process, whose modules may be other ones than those of the last. */
  readonly #declared = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Reads all supported entities; removes those that left the catalog, unless that is most of them.
   * Models that people unregistered are removed however many they are. An unchanged entity costs no
   * transaction.
   */
  async sweep(): Promise<void> {
    const { catalog, stores, logger } = this.#options;
    const known = await stores.models.hashes();
    const seen = new Set<string>();
    for await (const page of catalog.streamEntities(
      { filter: FILTER },
      await this.#credentials(),
    )) {
      const problems = await this.#locationProblems(page);
      for (const entity of page) {
        seen.add(stringifyEntityRef(entity));
        try {
          await this.#store(entity, problems, known);
        } catch (error) {
          if (!(error instanceof InvalidModelSpecError)) throw error;
          logger.warn(`An invalid model entity is skipped: ${error.message}`);
        }
      }
    }
    const unregistered = new Set(
      (await stores.registered.allUnregistered()).map(t => t.entityRef),
    );
    const left = [...known.keys()].filter(ref => !seen.has(ref));
    const wanted = left.filter(ref => unregistered.has(ref));
    const gone = left.filter(ref => !unregistered.has(ref));
    const now = this.#options.now().toISOString();
    if (wanted.length > 0) await stores.models.markRemoved(wanted, now);
    if (gone.length === 0) return;
    if (
      seen.size === 0 ||
      (known.size >= MIN_FOR_GUARD &&
        gone.length > known.size * MAX_REMOVED_SHARE)
    ) {
      logger.warn(
        `The catalog no longer has ${gone.length} of ${known.size} models. Slipway keeps them, since so many at once are more likely a failure of the catalog.`,
      );
      return;
    }
    await stores.models.markRemoved(gone, now);
  }

  /**
   * Reads one entity now; answers its ref if it is a model. A model that the catalog no longer has
   * leaves the fleet.
   *
   * @throws InvalidModelSpecError for a model that was never valid.
   */
  async readOne(entityRef: string): Promise<string | undefined> {
    const entity = await this.#options.catalog.getEntityByRef(
      entityRef,
      await this.#credentials(),
    );
    if (entity) {
      return this.#store(entity, await this.#locationProblems([entity]));
    }
    const { stores, now } = this.#options;
    if (await stores.models.get(entityRef)) {
      await stores.models.markRemoved([entityRef], now().toISOString());
    }
    return undefined;
  }

  /**
   * @param problems - of the files that declare entities, by entity ref.
   * @param known - the hashes of all models, where many entities are read at once.
   */
  async #store(
    entity: Entity,
    problems: ReadonlyMap<string, string>,
    known?: ReadonlyMap<string, string>,
  ): Promise<string | undefined> {
    if (!isModelEntity(entity)) return undefined;
    const { stores } = this.#options;
    const now = this.#options.now().toISOString();
    let spec: ModelSpec;
    try {
      spec = this.#specOf(entity);
    } catch (error) {
      if (!(error instanceof InvalidModelSpecError)) throw error;
      return this.#keepLastValid(stringifyEntityRef(entity), error);
    }
    const problem =
      entityProblem(entity) ?? problems.get(stringifyEntityRef(entity)) ?? null;
    const keys = entityKeys(entity);
    const isDeclared = this.#declared.has(spec.entityRef);
    if (
      isDeclared &&
      known?.get(spec.entityRef) === hashOf(spec, keys, problem)
    ) {
      return spec.entityRef;
    }
    const changed = await stores.models.upsert(spec, keys, now, problem);
    if (changed || !isDeclared) {
      await stores.sources.declare(
        spec.entityRef,
        declaredSources(spec, this.#options.registry),
        now,
        { due: changed },
      );
      this.#declared.add(spec.entityRef);
    }
    if (changed) await this.#options.onChanged(spec);
    return spec.entityRef;
  }

  /** @throws InvalidModelSpecError */
  #specOf(entity: Entity): ModelSpec {
    const spec = modelSpecFromEntity(entity, this.#options.defaults);
    const problem = this.#options.targets.problemOf(spec);
    if (problem) throw new InvalidModelSpecError(problem);
    return spec;
  }

  /** A model that was valid before keeps its page, as last valid, with what is wrong now. */
  async #keepLastValid(
    entityRef: string,
    error: InvalidModelSpecError,
  ): Promise<string> {
    const { models } = this.#options.stores;
    if (!(await models.get(entityRef))) throw error;
    if (await models.setProblem(entityRef, error.message)) {
      const spec = await models.lastSpec(entityRef);
      if (spec) await this.#options.onChanged(spec);
    }
    return entityRef;
  }

  async #locationProblems(entities: Entity[]): Promise<Map<string, string>> {
    const { credentials } = await this.#credentials();
    return locationProblems(entities, this.#options.catalog, credentials);
  }

  async #credentials() {
    return { credentials: await this.#options.auth.getOwnServiceCredentials() };
  }
}
