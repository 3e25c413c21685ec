import type { AuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** @returns the catalog user with this annotation; null where there is not exactly one. */
export async function userOf(
  catalog: CatalogService,
  auth: AuthService,
  annotation: string,
  value: string,
): Promise<string | null> {
  const { items } = await catalog.getEntities(
    {
      filter: { kind: 'User', [`metadata.annotations.${annotation}`]: value },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
      limit: 2,
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  return items.length === 1 ? stringifyEntityRef(items[0]) : null;
}
