import type { Signature } from '@slipway/plugin-model-delivery-common';
import type { Repositories } from '../git/Repositories';
import { parseModelToml } from '../runner/modelToml';
import { modelRows, parseCsv, rowKey } from '../traffic/rows';

/**
 * Keys of the rows that a version was trained and evaluated on, as far as its repository holds them.
 *
 * @param commit - that the version was made from.
 */
export async function trainingRows(
  repositories: Repositories,
  repository: string,
  commit: string,
  signature: Signature,
): Promise<Set<string>> {
  const read = (file: string) =>
    repositories.readFile(repository, commit, file);
  const toml = await read('model.toml');
  if (!toml) return new Set();
  const { locator, holdout } = parseModelToml(toml.toString('utf8')).data;
  const keys = new Set<string>();
  for (const file of [locator, holdout]) {
    const content = file && (await read(file));
    if (!content) continue;
    for (const { inputs } of modelRows(
      parseCsv(content.toString('utf8')),
      signature,
    )) {
      keys.add(rowKey(inputs));
    }
  }
  return keys;
}
