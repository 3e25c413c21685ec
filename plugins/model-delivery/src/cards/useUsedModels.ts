import {
  type Entity,
  parseEntityRef,
  RELATION_API_PROVIDED_BY,
  RELATION_CONSUMES_API,
  RELATION_DEPENDS_ON,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef, useEntity } from '@backstage/plugin-catalog-react';
import { isModelEntity } from '@slipway/plugin-model-delivery-common';
import { useQuery } from '@tanstack/react-query';
import { type ModelRef, modelRef } from '../api';

export interface UsedModel {
  model: ModelRef;
  /** The API through which it is used, if it is through one. */
  through: string | null;
}

const FIELDS = ['kind', 'metadata', 'spec.type', 'relations'];

const related = (entity: Entity, type: string): string[] =>
  (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);

/** The models behind an entity: of the APIs that it consumes or is, and those it depends on. */
export function useUsedModels() {
  const catalog = useApi(catalogApiRef);
  const { entity } = useEntity();
  const isApi = entity.kind.toLocaleLowerCase('en-US') === 'api';
  return useQuery<UsedModel[]>({
    queryKey: ['model-delivery', 'used-models', stringifyEntityRef(entity)],
    staleTime: 60_000,
    queryFn: async () => {
      const byRefs = async (entityRefs: string[]): Promise<Entity[]> =>
        entityRefs.length === 0
          ? []
          : (
              await catalog.getEntitiesByRefs({ entityRefs, fields: FIELDS })
            ).items.flatMap(item => item ?? []);
      const apis = isApi
        ? [entity]
        : await byRefs(related(entity, RELATION_CONSUMES_API));
      const through = new Map<string, string | null>();
      for (const api of apis) {
        for (const ref of related(api, RELATION_API_PROVIDED_BY)) {
          through.set(ref, isApi ? null : stringifyEntityRef(api));
        }
      }
      for (const ref of related(entity, RELATION_DEPENDS_ON)) {
        through.set(ref, null);
      }
      const providers = await byRefs([...through.keys()]);
      return providers.filter(isModelEntity).map(provider => {
        const ref = stringifyEntityRef(provider);
        return {
          model: modelRef(parseEntityRef(ref)),
          through: through.get(ref) ?? null,
        };
      });
    },
  });
}
