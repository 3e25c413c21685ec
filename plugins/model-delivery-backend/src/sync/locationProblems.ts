import { createHash } from 'node:crypto';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  type Entity,
  parseLocationRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { processingError } from './entityProblem';

/**
 * Finds what is wrong with the files that declare entities. The catalog keeps the entities of a file that
 * it can no longer read, and attaches the error to the Location of the file alone.
 *
 * @returns a sentence by entity ref, for entities whose file has a problem.
 */
export async function locationProblems(
  entities: Entity[],
  catalog: CatalogService,
  credentials: BackstageCredentials,
): Promise<Map<string, string>> {
  const locations = new Map(
    entities.flatMap(entity => {
      const location = entity.metadata.annotations?.[ANNOTATION_LOCATION];
      return location ? [[stringifyEntityRef(entity), location]] : [];
    }),
  );
  const targets = [...new Set(locations.values())];
  if (targets.length === 0) return new Map();
  const { items } = await catalog.getEntitiesByRefs(
    {
      entityRefs: targets.map(locationEntityRef),
      fields: ['kind', 'metadata.name', 'metadata.namespace', 'status'],
    },
    { credentials },
  );
  const problems = new Map(
    targets.flatMap((location, index) => {
      const error = items[index] && processingError(items[index]);
      return error ? [[location, sentenceOf(location, error)]] : [];
    }),
  );
  return new Map(
    [...locations].flatMap(([entityRef, location]) => {
      const problem = problems.get(location);
      return problem ? [[entityRef, problem]] : [];
    }),
  );
}

/** By the catalog's rule for the Location of a file. */
function locationEntityRef(location: string): string {
  const { type, target } = parseLocationRef(location);
  const hash = createHash('sha1').update(`${type}:${target}`).digest('hex');
  return `location:default/generated-${hash}`;
}

/** The first line of the catalog's message; what follows quotes the file. */
function sentenceOf(location: string, error: string): string {
  const { target } = parseLocationRef(location);
  const [reason] = error.split('\n');
  const where = reason.includes(target) ? '' : `${target}: `;
  return `${where}${reason.replace(/[.:]*$/, '')}. Correct the file; the catalog then reads it again.`;
}
