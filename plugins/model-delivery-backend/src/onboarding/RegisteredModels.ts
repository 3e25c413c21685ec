import { ConflictError, NotFoundError } from '@backstage/errors';
import { MODEL_KIND } from '@slipway/plugin-model-delivery-common';
import type {
  RegisteredModel,
  UnregisteredModel,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Registered } from '../database/RegisteredStore';
import type { Stores } from '../database/stores';
import type { ChosenEntity } from './entityOf';
import { isAsRegistered } from './isAsRegistered';

interface Options {
  stores: Stores;
  /** Told after one was unregistered, so that the catalog asks at once. */
  announce: (entityRef: string) => void;
  now: () => Date;
}

/** What people registered from the page, and the way back. */
export class RegisteredModels {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Newest first. */
  async list(page: { cursor?: string; limit: number }) {
    const { stores } = this.#options;
    const { items, nextCursor } = await stores.registered.list(page);
    const known = await stores.models.getAll(items.map(i => i.entityRef));
    return {
      items: items.map((item): RegisteredModel => {
        const model = known.get(item.entityRef);
        let inCatalog: RegisteredModel['inCatalog'] = 'not-yet';
        if (model) {
          inCatalog = isAsRegistered(model)
            ? 'as-registered'
            : 'declared-elsewhere';
        }
        return { ...described(item), inCatalog };
      }),
      nextCursor,
    };
  }

  /**
   * Takes one back. What is known of the model stays, for when it returns.
   *
   * @param mayKnow - whether the caller may know that there is such a model.
   * @throws NotFoundError where it was not registered from here, ConflictError while a deployment
   *   that this would cut off is open.
   */
  async unregister(
    path: { namespace: string; name: string },
    request: { by: string; reason: string },
    mayKnow: (entityRef: string) => Promise<boolean>,
  ): Promise<UnregisteredModel> {
    const { stores, announce, now } = this.#options;
    const entityRef =
      `${MODEL_KIND}:${path.namespace}/${path.name}`.toLocaleLowerCase('en-US');
    const registered = await stores.registered.get(entityRef);
    const earlier = await stores.registered.unregistered(entityRef);
    const theirs = [registered?.by, earlier?.by].includes(request.by);
    if (!(registered || earlier) || !(theirs || (await mayKnow(entityRef)))) {
      throw new NotFoundError(
        `${entityRef} was not registered from here; what declares it, such as a file in its repository, is where to remove it`,
      );
    }
    if (registered) {
      await this.#assertIdle(entityRef);
      const at = now().toISOString();
      const taken = await stores.registered.unregister(entityRef, request, at);
      announce(entityRef);
      if (taken) return taken;
    }
    const last = await stores.registered.unregistered(entityRef);
    if (!last) throw new Error(`${entityRef} is gone without a trace`);
    return last;
  }

  async #assertIdle(entityRef: string): Promise<void> {
    const { stores } = this.#options;
    const model = await stores.models.get(entityRef);
    if (!model || !isAsRegistered(model.spec)) return;
    const [open] = await stores.deployments.openOf(entityRef);
    if (!open) return;
    throw new ConflictError(
      `A deployment of ${open.version} to ${open.environment} is open (${open.id}); wait for its end or cancel it, then unregister the model`,
    );
  }
}

function described({ entityRef, entity, by, at }: Registered) {
  // Only `put` writes it, with what was built and parsed here.
  const { metadata, spec } = entity as ChosenEntity;
  return {
    entityRef,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    owner: spec.owner,
    by,
    at,
  };
}
