import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type Entity,
  RELATION_API_CONSUMED_BY,
  RELATION_DEPENDENCY_OF,
  RELATION_OWNED_BY,
  RELATION_PROVIDES_API,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Consumer } from '@slipway/plugin-model-delivery-common/schema';

/** A dialog names no more. */
const MAX_CONSUMERS = 200;

/** Finds who uses a model, by the relations of the catalog, in three requests at most. */
export class Consumers {
  readonly #catalog: CatalogService;

  constructor(catalog: CatalogService) {
    this.#catalog = catalog;
  }

  /**
   * @param credentials - of the person who looks: what the person may not see is left out.
   * @throws an error of the catalog.
   */
  async of(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<{ apis: string[]; consumers: Consumer[] }> {
    const [model] = await this.#find([entityRef], credentials);
    const apis = await this.#find(
      model ? targetsOf(model, RELATION_PROVIDES_API) : [],
      credentials,
    );
    const through = new Map<string, string | null>();
    for (const api of apis) {
      for (const ref of targetsOf(api, RELATION_API_CONSUMED_BY)) {
        through.set(ref, stringifyEntityRef(api));
      }
    }
    // What depends on the model itself is affected whatever the API.
    for (const ref of model ? targetsOf(model, RELATION_DEPENDENCY_OF) : []) {
      through.set(ref, null);
    }
    const found = await this.#find(
      [...through.keys()].sort().slice(0, MAX_CONSUMERS),
      credentials,
    );
    return {
      apis: apis.map(api => stringifyEntityRef(api)),
      consumers: found.map(entity => ({
        entityRef: stringifyEntityRef(entity),
        title: entity.metadata.title ?? entity.metadata.name,
        owner: targetsOf(entity, RELATION_OWNED_BY)[0] ?? null,
        through: through.get(stringifyEntityRef(entity)) ?? null,
      })),
    };
  }

  async #find(
    entityRefs: string[],
    credentials: BackstageCredentials,
  ): Promise<Entity[]> {
    if (entityRefs.length === 0) return [];
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs },
      { credentials },
    );
    return items.flatMap(item => item ?? []);
  }
}

function targetsOf({ relations = [] }: Entity, type: string): string[] {
  return relations
    .filter(relation => relation.type === type)
    .map(({ targetRef }) => targetRef);
}
