import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { workspacePackage } from './project.mjs';
import { render } from './render.mjs';

const TEMPLATE = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../template.yaml',
);
/** What the action that reads a team's own CSV writes. */
const OWN_DATA = ['SOURCE.md', 'holdout.csv', 'schema.json', 'train.csv'];

const { parse } = workspacePackage('yaml');
const { spec } = parse(fs.readFileSync(TEMPLATE, 'utf8'));
const announced = spec.parameters
  .flatMap(page => Object.values(page.properties))
  .find(field => field['ui:field'] === 'ModelProjectFiles')['ui:options'].files;

for (const framework of ['python-stdlib', 'scikit-learn']) {
  for (const dataset of ['palmer-penguins', 'seattle-weather', 'own']) {
    test(`the form names exactly the files of ${framework} with ${dataset}`, async () => {
      const into = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-files-'));
      const values = { name: 'house-rent', framework, dataset };
      await render({ values, into });
      const made = fs
        .readdirSync(into, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry =>
          path.relative(into, path.join(entry.parentPath, entry.name)),
        );
      fs.rmSync(into, { recursive: true });
      if (dataset === 'own') made.push(...OWN_DATA.map(name => `data/${name}`));
      const named = announced
        .filter(({ when }) =>
          Object.entries(when ?? {}).every(([key, any]) =>
            any.includes(values[key]),
          ),
        )
        .map(file => file.path.replace('<package>', 'house_rent'));
      assert.deepEqual(named.sort(), made.sort());
    });
  }
}
