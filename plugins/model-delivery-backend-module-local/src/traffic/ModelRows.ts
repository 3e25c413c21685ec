import { signature } from '@slipway/plugin-model-delivery-common/schema';
import type { JsonValue } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import type { Repositories } from '../git/Repositories';
import { readBundleJson } from '../registry/bundle';
import type { ModelEntities } from '../registry/ModelEntities';
import { type ModelToml, parseModelToml } from '../runner/modelToml';
import type { Environment } from '../serving/Environment';
import { type InferRequest, inferRequest } from '../serving/inference';
import { modelRows, parseCsv, shuffled } from './rows';

const SEED = 20_240_229;
const MAIN = 'refs/heads/main';

/** Which commit a bundle was made from. */
const release = z.looseObject({ commit: z.string().nullish() });

/** A row as it is sent, and its true value where it is known. */
export interface SentRow {
  request: InferRequest;
  label: JsonValue;
}

/** Rows of a model's repository, as requests to its server in a shuffled order. */
export class ModelRows {
  readonly #parts: {
    repositories: Repositories;
    entities: ModelEntities;
  };

  constructor(parts: { repositories: Repositories; entities: ModelEntities }) {
    this.#parts = parts;
  }

  /** The rows that a bundle was made of. */
  async ofBundle(environment: Environment, bundle: string): Promise<SentRow[]> {
    const made = await readBundleJson(bundle, 'release.json', release);
    return made?.commit
      ? this.#read(environment, bundle, made.commit, data => [
          data.holdout,
          data.locator,
        ])
      : [];
  }

  /** The rows that arrived since the data of the newest commit was made. */
  async arriving(environment: Environment, bundle: string): Promise<SentRow[]> {
    return this.#read(environment, bundle, MAIN, data => [data.arriving]);
  }

  async #read(
    environment: Environment,
    bundle: string,
    commit: string,
    filesOf: (data: ModelToml['data']) => (string | undefined)[],
  ): Promise<SentRow[]> {
    const [namespace, name] = environment.key.split('/');
    const entity = (await this.#parts.entities.all()).find(
      one => one.namespace === namespace && one.name === name,
    );
    const declared = await readBundleJson(
      bundle,
      'model/signature.json',
      signature,
    );
    if (!entity || !declared) return [];
    const read = (file: string) =>
      this.#parts.repositories.readFile(entity.repository, commit, file);
    const toml = await read('model.toml');
    if (!toml) return [];
    const rows = [];
    for (const file of filesOf(parseModelToml(toml.toString('utf8')).data)) {
      const content = file && (await read(file));
      if (content) rows.push(...parseCsv(content.toString('utf8')));
    }
    return shuffled(modelRows(rows, declared), SEED).map(row => ({
      request: inferRequest(declared, row.inputs),
      label: row.label,
    }));
  }
}
