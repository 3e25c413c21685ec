import fs from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const REFUSALS = [401, 403, 404, 409, 422, 429];
const ID = 'https://api.github.com/openapi';

interface Operation {
  requestBody?: { content?: Record<string, unknown> };
  responses: Record<
    string,
    { $ref?: string; content?: Record<string, unknown> }
  >;
}

/** GitHub's published description of its API, of which only what is asked for is compiled. */
class Description {
  readonly #paths: Record<string, Record<string, Operation>>;
  readonly #components: {
    examples: Record<string, { value: unknown }>;
    responses: Record<string, { content?: Record<string, unknown> }>;
  };
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const file =
      require.resolve('@octokit/openapi/generated/api.github.com.json');
    const document = JSON.parse(fs.readFileSync(file, 'utf8'), allowNull);
    this.#paths = document.paths;
    this.#components = document.components;
    // Not strict: the description has words of its own among the schemas.
    this.#ajv = new Ajv({ strict: false, validateSchema: false });
    addFormats(this.#ajv);
    this.#ajv.addFormat('repo.nwo', /^[^/]+\/[^/]+$/);
    this.#ajv.addSchema(document, ID);
  }

  /** A copy of one of the examples. */
  example(name: string): any {
    return structuredClone(this.#components.examples[name].value);
  }

  /** What is wrong with an answer, or null. A status without a body has none. */
  faultOfAnswer(
    method: string,
    path: string,
    status: number,
    body: unknown,
  ): string | null {
    const operation = this.#operation(method, path);
    const response = operation.responses[status];
    if (!response) {
      // Refusals are not described everywhere, and some come from in front of every operation.
      return REFUSALS.includes(status) ? null : `${status} is no answer to it`;
    }
    const at = response.$ref
      ? response.$ref.slice(1)
      : `/paths/${escape(path)}/${method}/responses/${status}`;
    const content = response.$ref
      ? this.#components.responses[response.$ref.split('/').at(-1)!].content
      : response.content;
    if (!content) return body === undefined ? null : 'it has a body';
    return this.#fault(`${at}/content/application~1json/schema`, body);
  }

  /** What is wrong with what was sent, or null. */
  faultOfRequest(method: string, path: string, body: unknown): string | null {
    const operation = this.#operation(method, path);
    if (!operation.requestBody?.content || body === undefined) return null;
    return this.#fault(
      `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`,
      body,
    );
  }

  /** What is wrong with the payload of a webhook, or null. */
  faultOfWebhook(name: string, body: unknown): string | null {
    return this.#fault(`/components/schemas/webhook-${name}`, body);
  }

  #operation(method: string, path: string): Operation {
    const operation = this.#paths[path]?.[method];
    if (!operation) throw new Error(`GitHub has no ${method} ${path}`);
    return operation;
  }

  #fault(pointer: string, value: unknown): string | null {
    let validate = this.#compiled.get(pointer);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `${ID}#${encodeURI(pointer)}` });
      this.#compiled.set(pointer, validate);
    }
    return validate(value) ? null : this.#ajv.errorsText(validate.errors);
  }
}

/** A nullable value may be null also where it is one of a few: the description means it so. */
function allowNull(_key: string, value: any): unknown {
  const listed = value?.nullable === true && Array.isArray(value.enum);
  if (listed && !value.enum.includes(null)) value.enum.push(null);
  // Ajv takes `nullable` only beside a type.
  if (value?.nullable === true && Array.isArray(value.oneOf) && !value.type) {
    const { nullable, ...rest } = value;
    return { ...rest, oneOf: [...value.oneOf, { enum: [null] }] };
  }
  return value;
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

let loaded: Description | undefined;
export const openapi = (): Description => (loaded ??= new Description());
