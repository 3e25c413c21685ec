// A team's own data, as the scaffolder writes it: awkward column names, missing tokens, a boolean,
// a category with a comma.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A small generator with a fixed seed, so that the data is the same in every run. */
function draw(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

export async function ownData(folder, task) {
  const next = draw(7);
  const colours = ['blue, light', 'green', 'red'];
  const rows = Array.from({ length: 500 }, () => {
    const amount = next() * 4 - 2;
    const colour = colours[Math.floor(next() * 3)];
    const flag = next() < 0.5;
    const noise = next() + next() - 1;
    const score =
      2 * amount + (colour === 'red' ? 1.5 : 0) + (flag ? 0.7 : 0) + noise;
    const label = score > 1 ? 'yes' : 'no';
    const target = task === 'classification' ? label : score.toFixed(3);
    const shown = next() < 0.04 ? 'n/a' : amount.toFixed(3);
    return [shown, Math.floor(next() * 9), `"${colour}"`, flag, target].join(
      ',',
    );
  });
  const header = 'Amount (€),count,colour,flag,out come';
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'train.csv'),
    [header, ...rows.slice(0, 300), ''].join('\n'),
  );
  await writeFile(
    path.join(folder, 'holdout.csv'),
    [header, ...rows.slice(300), ''].join('\n'),
  );
  const feature = (name, rest) => ({ name, role: 'feature', ...rest });
  const target =
    task === 'classification'
      ? { kind: 'categorical', categories: ['no', 'yes'] }
      : { kind: 'numeric', datatype: 'FP64' };
  const schema = {
    schema: 'model-delivery/dataset/v1',
    name: 'own',
    missing: ['', 'n/a'],
    minRows: 100,
    freshDays: null,
    split: {
      method: task === 'classification' ? 'stratified' : 'random',
      column: null,
    },
    columns: [
      feature('Amount (€)', {
        kind: 'numeric',
        datatype: 'FP64',
        missingMax: 0.1,
        example: 0.5,
      }),
      feature('count', {
        kind: 'numeric',
        datatype: 'INT64',
        min: 0,
        max: 20,
        example: 3,
      }),
      feature('colour', {
        kind: 'categorical',
        datatype: 'BYTES',
        categories: colours,
      }),
      feature('flag', {
        kind: 'categorical',
        datatype: 'BOOL',
        categories: ['false', 'true'],
      }),
      { name: 'out come', role: 'target', ...target },
    ],
  };
  await writeFile(
    path.join(folder, 'schema.json'),
    JSON.stringify(schema, null, 2),
  );
}
