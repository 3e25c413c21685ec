import { ANNOTATION_LOCATION } from '@backstage/catalog-model';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import gitUrlParse from 'git-url-parse';

/**
 * The repository that a model's entity comes from, as host, owner and name in lower case, or null for
 * an entity that comes from no repository. The catalog itself sets the annotation that tells it.
 */
export function sourceRepositoryOf(spec: ModelSpec): string | null {
  const location = spec.annotations[ANNOTATION_LOCATION];
  if (!location?.startsWith('url:')) return null;
  try {
    const { resource, full_name } = gitUrlParse(location.slice('url:'.length));
    return resource && full_name
      ? `${resource}/${full_name}`.toLocaleLowerCase('en-US')
      : null;
  } catch {
    return null;
  }
}
