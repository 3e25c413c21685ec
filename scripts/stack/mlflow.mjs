import fs from 'node:fs';
import path from 'node:path';
import { TOOLS } from '../launcher/paths.mjs';
import { say as sayLine } from '../launcher/say.mjs';
import { withLock } from './lock.mjs';
import { ensurePythonEnvironment } from './pythonEnvironment.mjs';
import { freePort, startServerProcess } from './serverProcess.mjs';

export const MLFLOW_VERSION = '3.17.2';

/** An empty database takes a server half a minute to lay out; a copy of a laid out one takes none. */
const EMPTY_DATABASE = 'empty.db';
const TIMEOUT_MS = 180_000;

/** Where the environment is kept, unless somebody says otherwise. */
export const MLFLOW_FOLDER = path.join(TOOLS, `mlflow-${MLFLOW_VERSION}`);

/**
 * MLflow in an environment of its own, made once.
 *
 * @returns the path of its Python.
 */
export async function ensureMlflow(folder = MLFLOW_FOLDER, say = sayLine) {
  return await ensurePythonEnvironment({
    folder,
    requirements: [`mlflow[auth]==${MLFLOW_VERSION}`],
    say,
  });
}

/**
 * Starts an MLflow server on loopback, with SQLite and a folder of artifacts.
 *
 * `directory` keeps its database, artifacts and log, and is made if it is not there; `admin` turns
 * on basic authentication, with `admin` as the user's name; `environment` are more variables for
 * the server.
 *
 * @param {{
 *   directory: string,
 *   port?: number,
 *   admin?: { password: string },
 *   environment?: Record<string, string>,
 *   folder?: string,
 *   say?: (text: string) => void,
 * }} options
 * @returns its address, its process id and how to end it.
 */
export async function startMlflow({
  directory,
  port,
  admin,
  environment = {},
  folder = MLFLOW_FOLDER,
  say = sayLine,
}) {
  const python = await ensureMlflow(folder, say);
  fs.mkdirSync(directory, { recursive: true });
  const database = path.join(directory, 'mlflow.db');
  if (!fs.existsSync(database)) {
    fs.copyFileSync(await emptyDatabase(python, folder, say), database);
  }
  return await serve({ python, directory, port, admin, environment });
}

async function emptyDatabase(python, folder, say) {
  const file = path.join(folder, EMPTY_DATABASE);
  if (fs.existsSync(file)) return file;
  return await withLock(`${file}.lock`, async () => {
    if (fs.existsSync(file)) return file;
    say('Laying out an empty database for MLflow (once)');
    const directory = path.join(folder, 'layout');
    fs.rmSync(directory, { recursive: true, force: true });
    fs.mkdirSync(directory, { recursive: true });
    const server = await serve({ python, directory, environment: {} });
    await server.stop();
    fs.renameSync(path.join(directory, 'mlflow.db'), file);
    fs.rmSync(directory, { recursive: true, force: true });
    return file;
  });
}

async function serve({ python, directory, port, admin, environment }) {
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}`;
  const { pid, stop } = await startServerProcess({
    command: python,
    args: [
      '-m',
      'mlflow',
      'server',
      '--backend-store-uri',
      'sqlite:///mlflow.db',
      '--artifacts-destination',
      './artifacts',
      '--host',
      '127.0.0.1',
      '--port',
      String(chosen),
      '--workers',
      '1',
      ...(admin ? ['--app-name', 'basic-auth'] : []),
    ],
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      // Eight more processes of 220 MB each, for jobs that nobody here has.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      ...(admin && {
        MLFLOW_FLASK_SERVER_SECRET_KEY: 'on-loopback-only',
        MLFLOW_AUTH_ADMIN_PASSWORD: admin.password,
      }),
      ...environment,
    },
    log: path.join(directory, 'server.log'),
    isReady: async () => (await fetch(`${url}/health`)).ok,
    timeoutMs: TIMEOUT_MS,
  });
  return { url, pid, stop };
}
