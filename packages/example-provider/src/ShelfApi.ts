import type { PageRequest } from '@slipway/plugin-model-delivery-node';
import { UpstreamClient } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';
import type { ShelfConfig } from './config';

const shelfVersion = z.looseObject({
  version: z.int().positive(),
  created: z.iso.datetime({ offset: true }),
  commit: z.string().nullable(),
  author: z.string().nullable(),
  /** Markdown. */
  notes: z.string().nullable(),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      value: z.number().nullable(),
      better: z.enum(['higher', 'lower']),
    }),
  ),
  aliases: z.array(z.string()),
  bundle: z
    .looseObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.int().nonnegative(),
    })
    .nullable(),
});
/** A version as Shelf tells it. */
export type ShelfVersion = z.output<typeof shelfVersion>;

const versionsPage = z.looseObject({
  versions: z.array(shelfVersion),
  /** Where the next page begins; null on the last one. */
  before: z.int().positive().nullable(),
});
const modelsPage = z.looseObject({
  models: z.array(
    z.looseObject({ name: z.string(), description: z.string().nullable() }),
  ),
});

/** What is asked of Shelf, and what it must answer with. Names are checked by the caller. */
export class ShelfApi {
  readonly #client: UpstreamClient;

  constructor({ url, token }: ShelfConfig) {
    this.#client = new UpstreamClient({
      title: 'Shelf',
      baseUrl: url,
      ...(token && { auth: { type: 'bearer', token } }),
    });
  }

  get host(): string {
    return this.#client.host;
  }

  async models(search: string, limit: number, signal: AbortSignal) {
    const answer = await this.#client.json(
      { path: 'models', query: { search, limit } },
      modelsPage,
      signal,
    );
    return answer.models;
  }

  /** Newest first. */
  versions(model: string, { cursor, limit }: PageRequest, signal: AbortSignal) {
    return this.#client.json(
      { path: `models/${model}/versions`, query: { before: cursor, limit } },
      versionsPage,
      signal,
    );
  }

  version(model: string, version: string, signal: AbortSignal) {
    return this.#client.json(
      { path: `models/${model}/versions/${version}` },
      shelfVersion,
      signal,
    );
  }

  async bundle(model: string, version: string, signal: AbortSignal) {
    const path = `models/${model}/versions/${version}/bundle`;
    return (await this.#client.stream({ path }, signal)).stream;
  }

  async setAlias(
    model: string,
    alias: string,
    version: number,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `models/${model}/aliases/${encodeURIComponent(alias)}`;
    await this.#client.json(
      { method: 'PUT', path, body: { version } },
      z.looseObject({}),
      signal,
    );
  }
}
