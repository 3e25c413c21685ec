import type { Entity } from '@backstage/catalog-model';
import { ConflictError, InputError } from '@backstage/errors';
import {
  type Finding,
  type ModelChoice,
  modelSpecFromEntity,
  type ModelPreview,
  type ModelSpec,
  type ProviderTarget,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { type ChosenEntity, entityFile, entityOf } from './entityOf';
import {
  ENTITY_FILE,
  findContract,
  findEntityFile,
  findMonitors,
  findRuns,
  findVersions,
  noEnvironments,
} from './findings';
import { isAsRegistered } from './isAsRegistered';

const TIMEOUT_MS = 15_000;

interface Options {
  stores: Stores;
  registry: ProviderRegistry;
  /** Told after something was registered, so that the catalog asks at once. */
  announce: () => void;
  now: () => Date;
}

/** Brings a model that exists already into the catalog. */
export class Onboarding {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What the chosen systems have, and the entity that would be. */
  async preview(
    choice: ModelChoice,
    signal: AbortSignal,
  ): Promise<ModelPreview> {
    const context = {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    };
    const { registry } = this.#options;
    const bare = this.#spec(entityOf({ ...choice, monitors: undefined }, []));
    const pipelines = this.#chosen('pipelines', bare, choice.pipelines);
    const versions = this.#chosen('versions', bare, choice.versions);
    const [monitors, ...findings] = await Promise.all([
      findMonitors(registry, choice, context),
      findRuns(pipelines, context),
      findContract(pipelines, context),
      findVersions(versions, context),
      noEnvironments(choice),
      findEntityFile(pipelines, await this.#known(bare), context),
    ]);
    const entity = entityOf(choice, monitors.monitors);
    return {
      entityRef: bare.entityRef,
      entityFile: entityFile(entity),
      findings: [...findings, monitors.finding].filter(
        (finding): finding is Finding => finding !== null,
      ),
      canPropose: pipelines?.provider.propose !== undefined,
    };
  }

  /** Proposes the entity's file to the chosen repository. @throws InputError, ProviderError */
  async propose(
    choice: ModelChoice,
    by: string,
    signal: AbortSignal,
  ): Promise<{ url: string }> {
    const { entity, spec } = await this.#build(choice, signal);
    const chosen = this.#chosen('pipelines', spec, choice.pipelines);
    if (!chosen?.provider.propose) {
      throw new InputError(
        'Choose a repository that takes pull requests from here, or register the model instead',
      );
    }
    return chosen.provider.propose(
      chosen.model,
      {
        path: ENTITY_FILE,
        content: entityFile(entity),
        title: `Put ${choice.name} into the software catalog`,
        body: `Declares the model ${spec.entityRef} for model delivery. Asked for by ${by}.`,
        by,
      },
      { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) },
    );
  }

  /** @throws ConflictError where the catalog has the model. */
  async register(
    choice: ModelChoice,
    by: string,
    signal: AbortSignal,
  ): Promise<{ entityRef: string }> {
    const { entity, spec } = await this.#build(choice, signal);
    const known = await this.#known(spec);
    if (known) {
      throw new ConflictError(
        `${known} is in the catalog already; choose another name, or change the file that declares it`,
      );
    }
    const { stores, now, announce } = this.#options;
    await stores.registered.put(
      spec.entityRef,
      entity,
      by,
      now().toISOString(),
    );
    announce();
    return { entityRef: spec.entityRef };
  }

  async #build(choice: ModelChoice, signal: AbortSignal) {
    const { monitors } = await findMonitors(this.#options.registry, choice, {
      signal,
    });
    const entity = entityOf(choice, monitors);
    return { entity, spec: this.#spec(entity) };
  }

  /** What the catalog has under the name, and is to keep. */
  async #known({ namespace, name }: ModelSpec): Promise<string | undefined> {
    const { models, registered } = this.#options.stores;
    const ref = await models.findRef({ namespace, name });
    const known = ref && (await models.get(ref));
    if (!known || !isAsRegistered(known.spec)) return ref;
    // unregistered, it is only on its way out.
    return (await registered.get(known.spec.entityRef)) && ref;
  }

  /** @throws InputError that names the field. */
  #spec(entity: ChosenEntity): ModelSpec {
    try {
      return modelSpecFromEntity(entity as Entity);
    } catch (error) {
      throw new InputError((error as Error).message);
    }
  }

  #chosen<C extends 'pipelines' | 'versions'>(
    capability: C,
    spec: ModelSpec,
    target: ProviderTarget | undefined,
  ) {
    if (!target) return undefined;
    return {
      provider: this.#options.registry.get(capability, target.provider),
      model: targetOf(spec, target),
    };
  }
}
