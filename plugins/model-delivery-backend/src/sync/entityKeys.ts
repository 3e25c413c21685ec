import type { Entity } from '@backstage/catalog-model';
import type { EntityKey } from '../database/ModelStore';

const MAX_KEYS = 500;

/**
 * Flattens an entity into the keys and values that permission conditions ask for, in the form in
 * which the catalog itself flattens: dotted lower-case keys, lower-case values, an array as one
 * row an item, relations as `relations.<type>`.
 */
export function entityKeys(entity: Entity): EntityKey[] {
  const keys: EntityKey[] = [];
  const visit = (path: string, value: unknown) => {
    if (keys.length >= MAX_KEYS || value === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(path, item);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        visit(path ? `${path}.${key}` : key, inner);
      }
    } else {
      keys.push({
        key: path.toLocaleLowerCase('en-US'),
        value: value === null ? null : String(value).toLocaleLowerCase('en-US'),
      });
    }
  };
  const { relations, status, ...rest } = entity as Entity & {
    status?: unknown;
  };
  visit('', rest);
  for (const { type, targetRef } of relations ?? []) {
    visit(`relations.${type}`, targetRef);
  }
  return keys;
}
