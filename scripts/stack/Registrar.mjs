import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { say } from '../launcher/say.mjs';

const LOOK_MS = 2_000;
const SCRIPT = path.join(
  path.dirname(fileURLToPath(import.meta.url)),
  'register_version.py',
);

/**
 * Does for the demonstration what the last step of a team's pipeline does: registers what each run
 * made in MLflow, with MLflow's own client.
 */
export class Registrar {
  #known = new Set();

  /**
   * @param options - `portal`: signed in; `name`: of the model; `python`: one that has MLflow;
   *   `trackingUri`; `engine`: the folder of the local engine, which keeps what runs made.
   */
  constructor(options) {
    this.options = options;
  }

  /** Looks for runs that have ended, until it is stopped. */
  async watch(signal) {
    while (!signal.aborted) {
      try {
        await this.#registerNew();
      } catch (error) {
        // Until the portal is up, and while it starts again, nobody answers.
        if (error.message !== 'fetch failed') {
          say(`A version was not registered in MLflow: ${error.message}`);
        }
      }
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #registerNew() {
    const { portal, name } = this.options;
    if (!(await portal.model(name))) return;
    const { items } = await portal.get(
      `/model-delivery/v1/models/default/${name}/runs?limit=20`,
    );
    for (const run of items.reverse()) {
      const ended = run.status === 'passed' || run.status === 'rejected';
      if (!ended || !run.version || this.#known.has(run.id)) continue;
      const version = await this.#register(run);
      this.#known.add(run.id);
      say(`MLflow: ${name} has version ${version}, made by run ${run.number}`);
    }
  }

  async #register(run) {
    const { name, python, trackingUri, engine } = this.options;
    const folder = path.join(engine, 'runs', run.id);
    const bundle = path.join(engine, 'registry', name, run.version);
    const child = promisify(execFile)(python, [SCRIPT], {
      timeout: 120_000,
      env: {
        PATH: process.env.PATH,
        HOME: engine,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet',
      },
    });
    child.child.stdin.end(
      JSON.stringify({
        tracking_uri: trackingUri,
        model: name,
        run_id: run.id,
        commit: run.commit,
        rejected: run.status === 'rejected',
        reasons: run.reason ? [run.reason] : [],
        bundle: findBundle(bundle),
        reports: path.join(folder, 'reports'),
      }),
    );
    // The client says more; the number comes last.
    return (await child).stdout.trim().split('\n').at(-1);
  }
}

function findBundle(folder) {
  const file = path.join(folder, 'model.tar.gz');
  if (!fs.existsSync(file)) throw new Error(`${file} is not there`);
  return file;
}
