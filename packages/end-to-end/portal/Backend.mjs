import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Clone } from './Clone.mjs';
import { freePort } from './ports.mjs';

const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../..',
);
const require = createRequire(path.join(ROOT, 'package.json'));

/** The portal's backend as a process of its own, on a state folder and ports of its own. */
export class Backend {
  #child;
  #token;

  /** Starts with empty state. */
  static async start(overrides = {}) {
    const backend = new Backend();
    backend.state = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-system-'));
    backend.port = await freePort();
    backend.modelsPort = await freePort();
    backend.overrides = overrides;
    fs.mkdirSync(path.join(backend.state, 'db'));
    await backend.spawn();
    return backend;
  }

  /** Starts the process on the state there is. */
  async spawn() {
    const log = fs.openSync(path.join(this.state, 'backend.log'), 'a');
    const transform = path.dirname(
      require.resolve('@backstage/cli-node/package.json'),
    );
    this.#child = spawn(
      process.execPath,
      [
        '--require',
        path.join(transform, 'config/nodeTransform.cjs'),
        'src/index.ts',
      ],
      {
        cwd: path.join(ROOT, 'packages/backend'),
        stdio: ['ignore', log, log],
        env: {
          ...process.env,
          NODE_ENV: 'development',
          SLIPWAY_STATE: this.state,
          SLIPWAY_BACKEND_PORT: String(this.port),
          SLIPWAY_MODELS_PORT: String(this.modelsPort),
          ...this.overrides,
        },
      },
    );
    this.#token = undefined;
    await this.until('the backend answers', () =>
      fetch(`${this.origin}/.backstage/health/v1/readiness`).then(
        r => r.ok,
        () => false,
      ),
    );
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Like a power cut: no process gets a signal first. */
  async kill() {
    const gone = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends everything, model servers included, and forgets the state. */
  async stop() {
    const gone = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await Promise.race([gone, delay(15_000)]);
    this.#child.kill('SIGKILL');
    for (const { pid } of this.processes()) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    fs.rmSync(this.state, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The child processes that the engine recorded. */
  processes() {
    const folder = path.join(this.state, 'local', 'processes');
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name =>
        JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')),
      );
  }

  /** The guest's. */
  async token() {
    this.#token ??= await fetch(`${this.origin}/api/auth/guest/refresh`)
      .then(r => r.json())
      .then(r => r.backstageIdentity.token);
    return this.#token;
  }

  /** Calls `/api/…` as the guest. @throws with the status and the answer. */
  async api(where, { method = 'GET', body, headers = {} } = {}) {
    const response = await fetch(`${this.origin}/api${where}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token()}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw Object.assign(new Error(`${where}: ${response.status} ${text}`), {
        status: response.status,
      });
    }
    return JSON.parse(text);
  }

  /** Below `/models/default/<name>`. */
  model(name, where = '', options = undefined) {
    return this.api(
      `/model-delivery/v1/models/default/${name}${where}`,
      options,
    );
  }

  /** Makes a model by the template; resolves when the template's task has ended. */
  async create(values) {
    await this.until('the template is in the catalog', () =>
      this.api('/catalog/entities/by-name/template/default/model-project').then(
        () => true,
        () => false,
      ),
    );
    const { id } = await this.api('/scaffolder/v2/tasks', {
      method: 'POST',
      body: { templateRef: 'template:default/model-project', values },
    });
    return this.until('the template has ended', async () => {
      const task = await this.api(`/scaffolder/v2/tasks/${id}`);
      if (task.status === 'failed') {
        const events = await this.api(`/scaffolder/v2/tasks/${id}/events`);
        throw new Error(JSON.stringify(events.at(-1)));
      }
      return task.status === 'completed' && task;
    });
  }

  /** Makes a penguin model in plain Python, waits for it in staging, and clones it. */
  async createAndClone(name) {
    await this.create({
      name,
      description: 'Tells species apart',
      owner: 'group:default/ml-platform',
      dataset: 'palmer-penguins',
      framework: 'python-stdlib',
      host: 'local',
    });
    await this.untilLive(name, 'staging', '0.1.0');
    return this.clone(name);
  }

  /** A person's clone of a model's repository. */
  async clone(name) {
    const cloneUrl = await this.until('the clone address is known', () =>
      this.model(name).then(model => model.repository?.cloneUrl),
    );
    return new Clone(cloneUrl, path.join(this.state, 'clone'));
  }

  /** The version that is live in an environment. */
  async live(name, environment) {
    const { environments } = await this.model(name);
    return environments.find(e => e.name === environment)?.live?.version;
  }

  untilLive(name, environment, version) {
    return this.until(
      `${name} ${version} is live in ${environment}`,
      async () => (await this.live(name, environment)) === version,
    );
  }

  /** Polls until a condition holds; an error of the condition is the test's error. */
  async until(what, holds, withinMs = 240_000) {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = await holds();
      if (found) return found;
      if (Date.now() > deadline) {
        const log = fs.readFileSync(
          path.join(this.state, 'backend.log'),
          'utf8',
        );
        throw new Error(
          `Not in ${withinMs} ms: ${what}\n${log.split('\n').slice(-30).join('\n')}`,
        );
      }
      await delay(100);
    }
  }
}
