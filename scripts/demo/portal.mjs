import { setTimeout as delay } from 'node:timers/promises';
import { ports } from '../launcher/ports.mjs';

const [, backend] = ports();
const BASE = `http://127.0.0.1:${backend.port}/api`;

/** Speaks to the portal as a person of the demo does in the browser. */
export class Portal {
  #person;
  #token;

  constructor(person = 'guest') {
    this.#person = person;
  }

  async signIn() {
    const { backstageIdentity } = await this.#fetch('/auth/demo/refresh', {
      headers: { 'x-slipway-demo-person': this.#person },
    });
    this.#token = backstageIdentity.token;
  }

  get(path) {
    return this.#fetch(path);
  }

  post(path, body, idempotencyKey) {
    return this.#fetch(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      body: JSON.stringify(body),
    });
  }

  /** The model as its page shows it, or null while the catalog does not know it. */
  async model(name) {
    try {
      return await this.get(`/model-delivery/v1/models/default/${name}`);
    } catch (error) {
      if (error.status === 404) return null;
      throw error;
    }
  }

  /**
   * Waits until the model's page shows something.
   *
   * @param meanwhile - done at each look that does not show it yet.
   */
  async until(name, what, holds, meanwhile = async () => {}) {
    const deadline = Date.now() + 10 * 60_000;
    for (;;) {
      const model = await this.model(name);
      const found = model && holds(model);
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`${name}: ${what} never came`);
      if (model) await meanwhile();
      await delay(1000);
    }
  }

  async #fetch(path, init = {}, again = true) {
    const response = await fetch(`${BASE}${path}`, {
      ...init,
      signal: AbortSignal.timeout(60_000),
      headers: {
        ...init.headers,
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
      },
    });
    const text = await response.text();
    if (response.status === 401 && again) {
      // A token lives for an hour, and who asks may live longer.
      this.#token = undefined;
      await this.signIn();
      return this.#fetch(path, init, false);
    }
    if (!response.ok) {
      throw Object.assign(new Error(`${path}: ${response.status} ${text}`), {
        status: response.status,
      });
    }
    return text ? JSON.parse(text) : undefined;
  }
}
