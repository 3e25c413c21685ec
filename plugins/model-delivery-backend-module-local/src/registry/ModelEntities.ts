import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DiscoveredEntity } from '@slipway/plugin-model-delivery-node';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Repositories } from '../git/Repositories';

const modelDocument = z.looseObject({
  apiVersion: z.string().min(1).max(200),
  kind: z.string().regex(/^mlmodel$/i),
  metadata: z.looseObject({
    name: z.string().min(1).max(63),
    namespace: z.string().min(1).max(63).optional(),
  }),
  spec: z.record(z.string(), z.unknown()),
});

const SIZE_LIMIT = 256 * 1024;

/** The entity that a repository declares. */
export interface ModelEntity {
  repository: string;
  namespace: string;
  name: string;
  /** In promotion order. */
  environments: string[];
  document: DiscoveredEntity;
}

/**
 * What the repositories say of themselves in `catalog-info.yaml` on `main`. Read again only when
 * `main` moved. Whether a spec holds is the catalog's to say.
 */
export class ModelEntities {
  private readonly cache = new Map<
    string,
    { commit: string; entities: ModelEntity[] }
  >();

  constructor(
    private readonly repositories: Repositories,
    private readonly logger: LoggerService,
  ) {}

  /** All of them, one or more a repository. */
  async all(): Promise<ModelEntity[]> {
    const result: ModelEntity[] = [];
    for (const repository of await this.repositories.list()) {
      result.push(...(await this.ofRepository(repository)));
    }
    return result;
  }

  async ofRepository(repository: string): Promise<ModelEntity[]> {
    const commit = await this.repositories.resolve(
      repository,
      'refs/heads/main',
    );
    if (!commit) return [];
    const cached = this.cache.get(repository);
    if (cached?.commit === commit) return cached.entities;
    const content = await this.repositories.readFile(
      repository,
      commit,
      'catalog-info.yaml',
    );
    const entities = content ? this.parse(repository, content) : [];
    this.cache.set(repository, { commit, entities });
    return entities;
  }

  /** The model of a repository, for those that have one. */
  async modelOf(
    repository: string,
  ): Promise<{ namespace: string; name: string; environments: string[] }> {
    const [first] = await this.ofRepository(repository).catch(() => []);
    return (
      first ?? { namespace: 'default', name: repository, environments: [] }
    );
  }

  private parse(repository: string, content: Buffer): ModelEntity[] {
    if (content.length > SIZE_LIMIT) {
      this.logger.warn(
        `catalog-info.yaml of ${repository} has ${content.length} bytes; at most ${SIZE_LIMIT} are read`,
      );
      return [];
    }
    const entities: ModelEntity[] = [];
    try {
      for (const document of parseAllDocuments(content.toString('utf8'))) {
        if (document.errors.length > 0) throw document.errors[0];
        const parsed = modelDocument.safeParse(
          document.toJS({ maxAliasCount: 100 }),
        );
        if (!parsed.success) continue;
        const { metadata, spec } = parsed.data;
        entities.push({
          repository,
          namespace: (metadata.namespace ?? 'default').toLocaleLowerCase(
            'en-US',
          ),
          name: metadata.name.toLocaleLowerCase('en-US'),
          environments: environmentNames(spec),
          document: parsed.data as DiscoveredEntity,
        });
      }
    } catch (error) {
      this.logger.warn(
        `catalog-info.yaml of ${repository} is not YAML: ${
          (error as Error).message.split('\n')[0]
        }`,
      );
    }
    return entities;
  }
}

function environmentNames(spec: Record<string, unknown>): string[] {
  const parsed = z
    .array(z.looseObject({ name: z.string() }))
    .safeParse(spec.environments);
  return parsed.success ? parsed.data.map(({ name }) => name) : [];
}
