import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import type { Knex } from 'knex';

/**
 * Adds permission conditions to a query over `model_summary`, as SQL over the flattened keys of
 * the entities.
 */
export function whereEntity(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<EntitiesSearchFilter>,
): void {
  if ('allOf' in criteria) {
    query.where(q =>
      criteria.allOf.forEach(c => q.where(w => whereEntity(w, c))),
    );
  } else if ('anyOf' in criteria) {
    query.where(q =>
      criteria.anyOf.forEach(c => q.orWhere(w => whereEntity(w, c))),
    );
  } else if ('not' in criteria) {
    query.whereNot(q => whereEntity(q, criteria.not));
  } else {
    query.whereIn('model_summary.entity_ref', sub => {
      sub
        .select('entity_ref')
        .from('model_entity_search')
        .where('key', criteria.key.toLocaleLowerCase('en-US'));
      if (criteria.values) {
        sub.whereIn(
          'value',
          criteria.values.map(v => v.toLocaleLowerCase('en-US')),
        );
      }
    });
  }
}
