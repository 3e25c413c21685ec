import { mockServices } from '@backstage/backend-test-utils';
import type { Repositories } from '../git/Repositories';
import { ModelEntities } from './ModelEntities';

const valid = `apiVersion: model-delivery/v1alpha1
kind: MLModel
metadata: { name: penguins }
spec: { type: classification }
`;

/** A repository whose commits, newest first, have this file. */
function entitiesOf(...files: (string | undefined)[]) {
  const commits = files.map((_, index) => `c${index}`);
  const repositories = {
    resolve: async () => commits[0],
    history: async () => commits,
    readFile: async (_name: string, commit: string) => {
      const file = files[commits.indexOf(commit)];
      return file === undefined ? undefined : Buffer.from(file);
    },
  } as Partial<Repositories> as Repositories;
  return new ModelEntities(
    repositories,
    mockServices.logger.mock(),
  ).ofRepository('penguins');
}
const problemOf = ([entity]: Awaited<ReturnType<typeof entitiesOf>>) =>
  (
    entity.document.metadata.annotations as Record<string, string> | undefined
  )?.['model-delivery/entity-problem'];

describe('the entities of a repository', () => {
  it('are those of the newest commit', async () => {
    const entities = await entitiesOf(valid, 'kind: [oops');
    expect(entities).toHaveLength(1);
    expect(problemOf(entities)).toBeUndefined();
  });

  it('stay as last valid when the file is malformed, with file, line and remedy', async () => {
    const entities = await entitiesOf('kind: [oops\n', 'a: [', valid);
    expect(entities).toHaveLength(1);
    expect(problemOf(entities)).toMatch(
      /^catalog-info\.yaml is not valid YAML, line \d+: .*Correct the file and push again\.$/,
    );
  });

  it('stay as last valid when the file is missing', async () => {
    expect(problemOf(await entitiesOf(undefined, valid))).toBe(
      'catalog-info.yaml is missing on main. Restore the file and push again.',
    );
  });

  it('are none where no file was ever valid', async () => {
    expect(await entitiesOf('kind: [oops')).toEqual([]);
    expect(await entitiesOf()).toEqual([]);
  });
});
