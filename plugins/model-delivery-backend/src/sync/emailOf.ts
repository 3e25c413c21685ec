import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { z } from 'zod';

const user = z.object({
  spec: z.object({ profile: z.object({ email: z.string().min(1) }) }),
});

/** @returns the e-mail address of a catalog user, in lower case; null where it has none. */
export async function emailOf(
  catalog: CatalogService,
  auth: AuthService,
  userRef: string,
): Promise<string | null> {
  const entity = await catalog.getEntityByRef(userRef, {
    credentials: await auth.getOwnServiceCredentials(),
  });
  const parsed = user.safeParse(entity);
  return parsed.success
    ? parsed.data.spec.profile.email.toLocaleLowerCase('en-US')
    : null;
}
