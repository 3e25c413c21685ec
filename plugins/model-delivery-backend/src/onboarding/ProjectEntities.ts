import type { AuthService } from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  MODEL_API_VERSION,
  MODEL_KIND,
} from '@slipway/plugin-model-delivery-common';
import {
  InvalidModelSpecError,
  type ModelEntitySpec,
  parseModelEntitySpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const FILE = 'catalog-info.yaml';

const modelDocument = z.looseObject({
  kind: z.literal(MODEL_KIND),
  apiVersion: z.string(),
  metadata: z.looseObject({ namespace: z.string().optional() }),
  spec: z.unknown(),
});

/**
 * Checks the entities of a new project before its repository exists, with the schema that the catalog
 * uses, so that nothing half-made is left behind.
 */
export class ProjectEntities {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;

  constructor(catalog: CatalogService, auth: AuthService) {
    this.#catalog = catalog;
    this.#auth = auth;
  }

  /** @throws InputError naming the file, the field and what is wrong. */
  async assertValid(files: { path: string; content: Buffer }[]): Promise<void> {
    const file = files.find(({ path }) => path === FILE);
    if (!file) {
      throw new InputError(
        `The project has no ${FILE}, so the catalog could not show its model`,
      );
    }
    const models = modelsOf(file.content.toString('utf8'));
    if (models.length === 0) {
      throw new InputError(`${FILE} declares no entity of kind ${MODEL_KIND}`);
    }
    for (const { spec, namespace } of models) {
      await this.#assertExists('owner', spec.owner, 'Group', namespace);
      if (spec.system) {
        await this.#assertExists('system', spec.system, 'System', namespace);
      }
    }
  }

  async #assertExists(
    field: string,
    value: string,
    defaultKind: string,
    defaultNamespace: string,
  ): Promise<void> {
    const ref = stringifyEntityRef(
      parseEntityRef(value, { defaultKind, defaultNamespace }),
    );
    const found: Entity | undefined = await this.#catalog.getEntityByRef(ref, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
    if (!found) {
      throw new InputError(
        `${FILE}: spec.${field} is ${ref}, which is not in the catalog. Choose one that is.`,
      );
    }
  }
}

function modelsOf(
  text: string,
): { spec: ModelEntitySpec; namespace: string }[] {
  return parseAllDocuments(text).flatMap(document => {
    const [error] = document.errors;
    if (error) {
      const [reason] = error.message.split(/ at line |\n/);
      const line = error.linePos?.[0].line;
      throw new InputError(
        `${FILE} is not valid YAML${line ? `, line ${line}` : ''}: ${reason}`,
      );
    }
    const parsed = modelDocument.safeParse(
      document.toJS({ maxAliasCount: 100 }),
    );
    if (!parsed.success) return [];
    if (parsed.data.apiVersion !== MODEL_API_VERSION) {
      throw new InputError(
        `${FILE}: apiVersion is ${JSON.stringify(parsed.data.apiVersion)}; it must be ${MODEL_API_VERSION}`,
      );
    }
    try {
      return [
        {
          spec: parseModelEntitySpec(parsed.data.spec),
          namespace: parsed.data.metadata.namespace ?? 'default',
        },
      ];
    } catch (invalid) {
      if (!(invalid instanceof InvalidModelSpecError)) throw invalid;
      throw new InputError(`${FILE}: ${invalid.message}`);
    }
  });
}
