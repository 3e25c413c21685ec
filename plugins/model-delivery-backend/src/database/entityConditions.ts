import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import type { Knex } from 'knex';

/**
 * How a query finds what it may show: `by-refs` starts from the entities that meet the conditions,
 * `in-order` reads models in the order of an index and checks each.
 */
export type Plan = 'by-refs' | 'in-order';

/**
 * Adds permission conditions to a query over `model_summary`, as SQL over the flattened keys of
 * the entities.
 */
export function whereEntity(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<EntitiesSearchFilter>,
  plan: Plan,
): void {
  if ('allOf' in criteria) {
    query.where(q =>
      criteria.allOf.forEach(c => q.where(w => whereEntity(w, c, plan))),
    );
  } else if ('anyOf' in criteria) {
    query.where(q =>
      criteria.anyOf.forEach(c => q.orWhere(w => whereEntity(w, c, plan))),
    );
  } else if ('not' in criteria) {
    query.whereNot(q => whereEntity(q, criteria.not, plan));
  } else {
    const meets = (sub: Knex.QueryBuilder) => {
      sub
        .select('model_entity_search.entity_ref')
        .from('model_entity_search')
        .where('key', criteria.key.toLocaleLowerCase('en-US'));
      if (criteria.values) {
        sub.whereIn(
          'value',
          criteria.values.map(v => v.toLocaleLowerCase('en-US')),
        );
      }
    };
    if (plan === 'by-refs') {
      query.whereIn('model_summary.entity_ref', meets);
    } else {
      query.whereExists(sub => {
        meets(sub);
        sub.whereRaw(
          'model_entity_search.entity_ref = model_summary.entity_ref',
        );
      });
    }
  }
}
