import crypto from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShelfVersion } from '../ShelfApi';

/** Stands in for Shelf: its models in memory, on a port of loopback. */
export class ShelfServer {
  /** Versions by model, oldest first. */
  readonly models = new Map<string, ShelfVersion[]>();
  readonly #bundles = new Map<string, Buffer>();
  readonly #server = http.createServer((request, response) => {
    this.#answer(request, response).catch(() =>
      response.writeHead(500).end('{}'),
    );
  });

  static async start(): Promise<ShelfServer> {
    const shelf = new ShelfServer();
    await new Promise<void>(resolve => {
      shelf.#server.listen(0, '127.0.0.1', resolve);
    });
    return shelf;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  register(model: string, accuracy: number): ShelfVersion {
    const versions = this.models.get(model) ?? [];
    const version = versions.length + 1;
    const bytes = Buffer.from(`bundle ${version} of ${model}`);
    this.#bundles.set(`${model}/${version}`, bytes);
    const registered: ShelfVersion = {
      version,
      created: new Date(Date.UTC(2026, 0, version)).toISOString(),
      commit: null,
      author: 'ada',
      notes: '# What it is for',
      metrics: [{ name: 'accuracy', value: accuracy, better: 'higher' }],
      aliases: [],
      bundle: {
        sha256: crypto.createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      },
    };
    this.models.set(model, [...versions, registered]);
    return registered;
  }

  /** Other bytes of the same length. */
  damage(model: string, version: string): void {
    this.#bundles.get(`${model}/${version}`)?.fill('x');
  }

  async #answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { pathname, searchParams: query } = new URL(
      request.url ?? '',
      this.url,
    );
    const [models, model, what, which, bundle] = pathname.split('/').slice(1);
    const versions = this.models.get(model);
    const one = versions?.find(v => String(v.version) === which);
    const say = (body: object) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(body));

    if (models === 'models' && model === undefined) {
      const found = [...this.models.keys()]
        .filter(name => name.includes(query.get('search') ?? ''))
        .slice(0, Number(query.get('limit')));
      say({ models: found.map(name => ({ name, description: null })) });
    } else if (what === 'aliases' && versions && request.method === 'PUT') {
      const { version } = JSON.parse(await textOf(request));
      for (const v of versions) {
        v.aliases = v.aliases.filter(alias => alias !== which);
        if (v.version === version) v.aliases.push(which);
      }
      say({});
    } else if (what === 'versions' && versions && which === undefined) {
      const before = Number(query.get('before') ?? Infinity);
      const older = versions.filter(v => v.version < before).reverse();
      const page = older.slice(0, Number(query.get('limit')));
      const last = page.at(-1);
      say({
        versions: page,
        before: last && older.length > page.length ? last.version : null,
      });
    } else if (one && bundle === 'bundle') {
      response.writeHead(200).end(this.#bundles.get(`${model}/${which}`));
    } else if (one) {
      say(one);
    } else {
      response.writeHead(404).end();
    }
  }
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
