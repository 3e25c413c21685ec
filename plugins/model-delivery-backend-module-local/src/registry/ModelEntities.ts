import type { LoggerService } from '@backstage/backend-plugin-api';
import { ANNOTATION_ENTITY_PROBLEM } from '@slipway/plugin-model-delivery-common';
import type { DiscoveredEntity } from '@slipway/plugin-model-delivery-node';
import { type Document, parseAllDocuments } from 'yaml';
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

const FILE = 'catalog-info.yaml';
const SIZE_LIMIT = 256 * 1024;
/** How many changes of the file are looked through for a valid one. */
const HISTORY_LIMIT = 20;

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
  readonly #repositories: Repositories;
  readonly #logger: LoggerService;
  readonly #cache = new Map<
    string,
    { commit: string; entities: ModelEntity[] }
  >();

  constructor(repositories: Repositories, logger: LoggerService) {
    this.#repositories = repositories;
    this.#logger = logger;
  }

  /** All of them, one or more a repository. */
  async all(): Promise<ModelEntity[]> {
    const result: ModelEntity[] = [];
    for (const repository of await this.#repositories.list()) {
      result.push(...(await this.ofRepository(repository)));
    }
    return result;
  }

  async ofRepository(repository: string): Promise<ModelEntity[]> {
    const commit = await this.#repositories.resolve(
      repository,
      'refs/heads/main',
    );
    if (!commit) return [];
    const cached = this.#cache.get(repository);
    if (cached?.commit === commit) return cached.entities;
    const entities = await this.#read(repository, commit);
    this.#cache.set(repository, { commit, entities });
    return entities;
  }

  /** The entities of a commit, or, where its file is malformed, those of the last valid one. */
  async #read(repository: string, commit: string): Promise<ModelEntity[]> {
    let problem: string | undefined;
    const commits = await this.#repositories.history(
      repository,
      commit,
      FILE,
      HISTORY_LIMIT,
    );
    for (const at of commits) {
      const content = await this.#repositories.readFile(repository, at, FILE);
      const parsed = content
        ? parse(repository, content)
        : {
            problem: `${FILE} is missing on main. Restore the file and push again.`,
          };
      if (!('problem' in parsed)) {
        return problem
          ? parsed.entities.map(withProblem(problem))
          : parsed.entities;
      }
      problem ??= parsed.problem;
    }
    if (problem) this.#logger.warn(`${repository}: ${problem}`);
    return [];
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
}

function parse(
  repository: string,
  content: Buffer,
): { entities: ModelEntity[] } | { problem: string } {
  if (content.length > SIZE_LIMIT) {
    return {
      problem: `${FILE} has ${content.length} bytes; at most ${SIZE_LIMIT} are read.`,
    };
  }
  const entities: ModelEntity[] = [];
  for (const document of parseAllDocuments(content.toString('utf8'))) {
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line;
      const [reason] = error.message.split(/ at line |\n/);
      return {
        problem: `${FILE} is not valid YAML${line ? `, line ${line}` : ''}: ${reason}. Correct the file and push again.`,
      };
    }
    const parsed = modelDocument.safeParse(toValue(document));
    if (!parsed.success) continue;
    const { metadata, spec } = parsed.data;
    entities.push({
      repository,
      namespace: (metadata.namespace ?? 'default').toLocaleLowerCase('en-US'),
      name: metadata.name.toLocaleLowerCase('en-US'),
      environments: environmentNames(spec),
      document: parsed.data as DiscoveredEntity,
    });
  }
  return { entities };
}

/** A document with too many aliases has no value: it declares no model. */
function toValue(document: Document | Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function withProblem(problem: string) {
  return (entity: ModelEntity): ModelEntity => {
    const { metadata } = entity.document;
    const annotations = z
      .record(z.string(), z.string())
      .safeParse(metadata.annotations);
    return {
      ...entity,
      document: {
        ...entity.document,
        metadata: {
          ...metadata,
          annotations: {
            ...(annotations.success ? annotations.data : {}),
            [ANNOTATION_ENTITY_PROBLEM]: problem,
          },
        },
      },
    };
  };
}

function environmentNames(spec: Record<string, unknown>): string[] {
  const parsed = z
    .array(z.looseObject({ name: z.string() }))
    .safeParse(spec.environments);
  return parsed.success ? parsed.data.map(({ name }) => name) : [];
}
