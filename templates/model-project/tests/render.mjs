// Renders the skeleton as Backstage's `fetch:template` does, without a Backstage.
//
//   node render.mjs OUTDIR name=penguin-species framework=scikit-learn
//
// Same engine and settings (nunjucks, `${{ }}`, no autoescape), same order: what all projects
// share, then the framework, then the data set; a later file replaces an earlier one.
import {
  mkdir,
  readFile,
  readdir,
  writeFile,
  chmod,
  stat,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const skeleton = path.resolve(here, '../skeleton');

/** Files with GitHub's own `${{ }}`: copied as they are, as template.yaml says too. */
const COPIED = /^\.github\/workflows\//;

const TARGETS = {
  'palmer-penguins': {
    task: 'classification',
    target: 'species',
    primaryMetric: 'accuracy',
  },
  'seattle-weather': {
    task: 'regression',
    target: 'temp_max_tomorrow',
    primaryMetric: 'mae',
  },
};

/** The values of a project, with everything that isn't given filled in. */
export function withDefaults(values = {}) {
  const dataset = values.dataset ?? 'palmer-penguins';
  const name = values.name ?? 'penguin-species';
  return {
    name,
    package: name.replaceAll('-', '_'),
    description: "Tells a penguin's species from its measurements",
    owner: 'group:default/ml-platform',
    system: '',
    framework: 'python-stdlib',
    dataset,
    host: 'local',
    templateVersion: '1.0.0',
    ...TARGETS[dataset],
    ...values,
  };
}

/** Nunjucks comes from the workspace; NUNJUCKS_FROM names another folder that has it. */
async function loadNunjucks() {
  const from = process.env.NUNJUCKS_FROM ?? here;
  const require = createRequire(pathToFileURL(path.join(from, 'x.js')));
  try {
    return require('nunjucks');
  } catch {
    throw new Error(
      `nunjucks isn't installed where ${from} can see it: run "yarn install" in the workspace`,
    );
  }
}

async function* walk(folder, prefix = '') {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const relative = path.posix.join(prefix, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '__pycache__')
        yield* walk(path.join(folder, entry.name), relative);
    } else {
      yield relative;
    }
  }
}

/** Writes the project for `values` into the folder `into`; returns the paths written. */
export async function render({ values, into }) {
  const nunjucks = await loadNunjucks();
  const engine = new nunjucks.Environment(null, {
    autoescape: false,
    tags: { variableStart: '${{', variableEnd: '}}' },
  });
  const all = withDefaults(values);
  const layers = ['base', all.framework, `data/${all.dataset}`];
  const written = new Set();
  for (const layer of layers) {
    const root = path.join(skeleton, layer);
    if (!(await stat(root).catch(() => null))) continue;
    for await (const file of walk(root)) {
      const target = engine.renderString(file, { values: all });
      const content = await readFile(path.join(root, file));
      const binary = content.includes(0);
      const text =
        binary || COPIED.test(target)
          ? content
          : engine.renderString(content.toString('utf8'), { values: all });
      const destination = path.join(into, target);
      await mkdir(path.dirname(destination), { recursive: true });
      await writeFile(destination, text);
      await chmod(destination, (await stat(path.join(root, file))).mode);
      written.add(target);
    }
  }
  return [...written].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [into, ...pairs] = process.argv.slice(2);
  if (!into) {
    console.error('usage: node render.mjs OUTDIR [key=value …]');
    process.exit(2);
  }
  const values = Object.fromEntries(
    pairs.map(pair => [
      pair.split('=', 1)[0],
      pair.slice(pair.indexOf('=') + 1),
    ]),
  );
  const files = await render({ values, into });
  console.log(`${files.length} files in ${into}`);
}
