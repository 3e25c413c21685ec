import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ProjectFile } from '@slipway/plugin-model-delivery-node';
import { gitEnvironment } from '../git/git';
import { type TestEngine, context } from './testEngine';

const MAIN = readFileSync(path.join(__dirname, 'tiny/__main__.py'), 'utf8');

/** What `behaviour.json` may say: by verb, and for the model itself. */
export type Behaviour = Record<string, unknown>;

/** A model project of a few lines that needs nothing but Python. */
export function tinyFiles(
  name: string,
  behaviour: Behaviour = {},
): Record<string, string> {
  return {
    'model.toml': `contract = "1"
[model]
name = "tiny"
package = "tiny"
[data]
locator = "data/train.csv"
[train]
variants = ["plain"]
seeds = [1, 2]
`,
    'catalog-info.yaml': `apiVersion: model-delivery/v1alpha1
kind: MLModel
metadata: { name: ${name} }
spec:
  type: classification
  lifecycle: experimental
  owner: group:default/team
  environments:
    - { name: staging, target: { provider: local } }
    - { name: production, after: staging, target: { provider: local } }
`,
    'requirements.lock': '# Nothing.\n',
    'data/train.csv': 'x,side\n0.1,low\n0.4,low\n0.9,high\n',
    'src/tiny/__init__.py': '',
    'src/tiny/__main__.py': MAIN,
    'behaviour.json': JSON.stringify(behaviour),
  };
}

/** Creates a tiny project, as the template's action does. */
export async function createTiny(
  test: TestEngine,
  name: string,
  behaviour: Behaviour = {},
  key = `key-${name}`,
) {
  const files: ProjectFile[] = Object.entries(tinyFiles(name, behaviour)).map(
    ([file, content]) => ({
      path: file,
      content: Buffer.from(content),
      executable: false,
    }),
  );
  return await test.engine.projects.create(
    {
      key,
      name,
      description: 'Tiny',
      author: { name: 'Ada', email: 'ada@example.org' },
      message: 'Begin',
      files,
    },
    context,
  );
}

/** A clone that people work in, with git as they have it. */
export class Clone {
  private constructor(readonly folder: string) {}

  static async of(cloneUrl: string, folder: string): Promise<Clone> {
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await promisify(execFile)('git', ['clone', '--quiet', cloneUrl, folder], {
      env: gitEnvironment(),
    });
    return new Clone(folder);
  }

  async git(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('git', args, {
      cwd: this.folder,
      env: gitEnvironment(),
    });
    return stdout.trim();
  }

  /** Writes files, commits and pushes. @returns the commit. */
  async push(
    files: Record<string, string>,
    options: { ref?: string; low?: boolean; message?: string } = {},
  ): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '-m', options.message ?? 'Change');
    await this.git(
      'push',
      '--quiet',
      ...(options.low ? ['-o', 'slipway.priority=low'] : []),
      'origin',
      `HEAD:${options.ref ?? 'refs/heads/main'}`,
    );
    return await this.git('rev-parse', 'HEAD');
  }
}
