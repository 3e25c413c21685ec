const BASE = '/api/2.0/mlflow';

/** The registry, asked and told as any other client of it does. */
export class Mlflow {
  constructor(port) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Registers what an earlier version was made of as a new one, with its tags. */
  async registerAgain(name, version) {
    const { model_version: known } = await this.#get(
      `/model-versions/get?name=${name}&version=${version}`,
    );
    const { model_version: made } = await this.#post('/model-versions/create', {
      name,
      source: known.source,
      run_id: known.run_id,
      tags: known.tags,
    });
    return made.version;
  }

  /** The version that an alias points to. */
  async alias(name, alias) {
    const { model_version: found } = await this.#get(
      `/registered-models/alias?name=${name}&alias=${alias}`,
    );
    return found.version;
  }

  #get(where) {
    return this.#ask(where);
  }

  #post(where, body) {
    return this.#ask(where, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #ask(where, init) {
    const response = await fetch(`${this.url}${BASE}${where}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${where}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}
