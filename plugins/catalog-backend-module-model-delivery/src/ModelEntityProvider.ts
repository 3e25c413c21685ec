import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  DEFAULT_NAMESPACE,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type {
  DeferredEntity,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import {
  discoveredLocation,
  REGISTERED_PROVIDER,
} from '@slipway/plugin-model-delivery-common';
import type { DiscoveredModel } from '@slipway/plugin-model-delivery-common/contract';

/** What providers know of, which of them did not answer, and what people unregistered. */
export interface Discovery {
  items: DiscoveredModel[];
  incomplete: string[];
  unregistered: { entityRef: string; at: string }[];
}

type Known = { provider: string; text: string; entity: Entity };

/**
 * Brings the models that providers know of into the catalog: the only home of discovery. It sets
 * no `locationKey`, so that a hand-written file takes an entity over and keeps it.
 */
export class ModelEntityProvider implements EntityProvider {
  readonly #discover: () => Promise<Discovery>;
  readonly #logger: LoggerService;
  #connection: EntityProviderConnection | undefined;
  /** By entity ref; undefined until a first complete answer. */
  #known: Map<string, Known> | undefined;
  /** By entity ref, when what this process told the catalog to remove was unregistered. */
  readonly #withdrawn = new Map<string, string>();
  #busy: Promise<void> | undefined;
  #again = false;

  constructor(discover: () => Promise<Discovery>, logger: LoggerService) {
    this.#discover = discover;
    this.#logger = logger;
  }

  getProviderName(): string {
    return 'model-delivery';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Asks what there is and emits what is different. Calls while one runs make one more. */
  async refresh(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return this.#busy;
    }
    this.#busy = this.#loop().finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      await this.#refreshOnce();
    } while (this.#again);
  }

  async #refreshOnce(): Promise<void> {
    if (!this.#connection) return;
    const { items, incomplete, unregistered } = await this.#discover();
    const found = new Map<string, Known>();
    for (const item of items) {
      const entity = withLocation(item);
      const ref = stringifyEntityRef(entity);
      if (found.has(ref)) {
        this.#logger.warn(
          `${ref} is declared twice; the one of ${found.get(ref)?.provider} is kept`,
        );
      } else {
        found.set(ref, {
          provider: item.provider,
          text: JSON.stringify(entity),
          entity,
        });
      }
    }
    await this.#withdraw(unregistered, found);
    if (this.#known === undefined) {
      await this.#first(found, incomplete);
    } else {
      await this.#delta(this.#known, found, incomplete);
    }
  }

  /**
   * Removes what people unregistered, also what an earlier process emitted. It is wanted, so the
   * guards against losing models do not hold it up. What a file declares by now stays: the catalog
   * removes only what this provider gave it.
   */
  async #withdraw(
    unregistered: Discovery['unregistered'],
    found: Map<string, Known>,
  ): Promise<void> {
    const removed = unregistered.filter(({ entityRef, at }) => {
      const known = this.#known?.get(entityRef);
      return (
        !found.has(entityRef) &&
        // Told by somebody else since, who only does not answer now.
        (!known || known.provider === REGISTERED_PROVIDER) &&
        this.#withdrawn.get(entityRef) !== at
      );
    });
    if (removed.length === 0) return;
    await this.#connection?.applyMutation({
      type: 'delta',
      added: [],
      removed: removed.map(({ entityRef }) => ({ entityRef })),
    });
    for (const { entityRef, at } of removed) {
      this.#withdrawn.set(entityRef, at);
      this.#known?.delete(entityRef);
    }
  }

  /** A complete first answer replaces what an earlier process emitted; an empty one does not. */
  async #first(found: Map<string, Known>, incomplete: string[]): Promise<void> {
    if (found.size === 0) return;
    const entities = [...found.values()].map(deferred);
    if (incomplete.length > 0) {
      await this.#connection?.applyMutation({
        type: 'delta',
        added: entities,
        removed: [],
      });
      return;
    }
    await this.#connection?.applyMutation({ type: 'full', entities });
    this.#known = found;
  }

  async #delta(
    known: Map<string, Known>,
    found: Map<string, Known>,
    incomplete: string[],
  ): Promise<void> {
    const added = [...found].filter(
      ([ref, item]) => known.get(ref)?.text !== item.text,
    );
    const removed = [...known].filter(
      ([ref, item]) => !found.has(ref) && !incomplete.includes(item.provider),
    );
    if (found.size === 0 && removed.length > 1) {
      this.#logger.warn(
        `Providers name no model at all, ${removed.length} were known; keeping them`,
      );
      return;
    }
    if (added.length === 0 && removed.length === 0) return;
    await this.#connection?.applyMutation({
      type: 'delta',
      added: added.map(([, item]) => deferred(item)),
      removed: removed.map(([entityRef]) => ({ entityRef })),
    });
    for (const [ref, item] of added) known.set(ref, item);
    for (const [ref] of removed) known.delete(ref);
  }
}

function deferred(item: Known): DeferredEntity {
  return { entity: item.entity };
}

function withLocation({ provider, entity }: DiscoveredModel): Entity {
  const namespace =
    typeof entity.metadata.namespace === 'string'
      ? entity.metadata.namespace
      : DEFAULT_NAMESPACE;
  const { name } = entity.metadata;
  const location = discoveredLocation(provider, namespace, name);
  const annotations = entity.metadata.annotations;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...(typeof annotations === 'object' ? annotations : {}),
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
      },
    },
  } as Entity;
}
