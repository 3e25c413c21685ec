import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from './children';

const RENDER = path.resolve(
  __dirname,
  '../../../../templates/model-project/tests/render.mjs',
);
const run = promisify(execFile);

const ADELIE = {
  bill_length_mm: 39.1,
  bill_depth_mm: 18.7,
  flipper_length_mm: 181,
  body_mass_g: 3750,
};
const GENTOO = {
  bill_length_mm: 50,
  bill_depth_mm: 15.2,
  flipper_length_mm: 220,
  body_mass_g: 5700,
};

const IMPOSSIBLE = { ...GENTOO, body_mass_g: 1e6 };

/** A mistake in a team's own code: what passes the check of the input breaks the model. */
const MISTAKE = `
_predict = Predictor.predict


def _predict_or_fail(self: Predictor, rows: Sequence[Row]) -> list[Prediction]:
    if any(row["body_mass_g"] == ${IMPOSSIBLE.body_mass_g} for row in rows):
        raise ArithmeticError("no penguin weighs a ton")
    return _predict(self, rows)


Predictor.predict = _predict_or_fail
`;

/** The penguin project, made from the template, trained and served on loopback. */
export class ModelServer {
  readonly #child: Child;

  private constructor(
    child: Child,
    readonly url: string,
  ) {
    this.#child = child;
  }

  static async start(folder: string): Promise<ModelServer> {
    const project = path.join(folder, 'project');
    await run(process.execPath, [RENDER, project, 'name=penguin-species']);
    const settings = path.join(project, 'model.toml');
    const text = await fs.readFile(settings, 'utf8');
    // One candidate of each kind is enough to have something to serve.
    await fs.writeFile(settings, text.replace(/^seeds = .*$/m, 'seeds = [11]'));
    const options = {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: 'src',
        ARTIFACTS_DIR: path.join(folder, 'artifacts'),
        REPORTS_DIR: path.join(folder, 'reports'),
        MODEL_VERSION: '1.2.3',
        GIT_SHA: '0123456789abcdef0123456789abcdef01234567',
        GIT_REF: 'refs/heads/main',
        RUN_ID: 'run-7',
        RUN_ATTEMPT: '1',
        CHAMPION_URI: '',
      } as never,
    };
    const verb = (...args: string[]) => ['-m', 'penguin_species', ...args];
    await run('python3', verb('train', '--all'), options);
    await run('python3', verb('select'), options);
    await fs.appendFile(
      path.join(project, 'src/penguin_species/inference.py'),
      MISTAKE,
    );
    const child = await startChild(
      'python3',
      verb('serve', '--port', '0'),
      options,
    );
    return new ModelServer(child, child.said.listening);
  }

  /** Asks for one of two species in turn. */
  async predict(times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const answer = await this.#infer(i % 2 === 0 ? ADELIE : GENTOO);
      if (answer !== 200) throw new Error(`the model answered ${answer}`);
    }
  }

  /** Asks for what the model breaks at, though it is a valid input. */
  async fail(times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const answer = await this.#infer(IMPOSSIBLE);
      if (answer !== 500) throw new Error(`the model answered ${answer}`);
    }
  }

  /** Sends what no model takes. */
  async misuse(): Promise<void> {
    await this.#infer({ nonsense: 1 });
  }

  async kill(): Promise<void> {
    await this.#child.kill();
  }

  async #infer(features: Record<string, number>): Promise<number> {
    const answer = await fetch(`${this.url}/v2/models/penguin-species/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: Object.entries(features).map(([name, value]) => ({
          name,
          shape: [1, 1],
          datatype: 'FP64',
          data: [value],
        })),
      }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}
