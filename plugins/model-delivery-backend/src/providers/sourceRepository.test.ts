import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { modelEntity } from '../__testUtils__/fakes';
import { sourceRepositoryOf } from './sourceRepository';

const of = (location: string) =>
  sourceRepositoryOf({
    ...modelSpecFromEntity(modelEntity()),
    annotations: { 'backstage.io/managed-by-location': location },
  });

describe('the repository that an entity comes from', () => {
  it.each([
    [
      'url:https://github.com/Acme/Penguins/blob/main/catalog-info.yaml',
      'github.com/acme/penguins',
    ],
    [
      'url:https://github.com/acme/penguins/tree/main/models/catalog-info.yaml',
      'github.com/acme/penguins',
    ],
    [
      'url:https://gitlab.example.com/group/sub/penguins/-/blob/main/catalog-info.yaml',
      'gitlab.example.com/group/sub/penguins',
    ],
    ['file:/models/catalog-info.yaml', null],
    ['model-delivery:registered/default/penguins', null],
    ['url:not an address', null],
  ])('%s → %s', (location, repository) => {
    expect(of(location)).toBe(repository);
  });
});
