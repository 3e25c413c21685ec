import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import { type Discovery, ModelEntityProvider } from './ModelEntityProvider';

const item = (name: string, description = 'x', provider = 'local') => ({
  provider,
  entity: {
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name, description },
    spec: {},
  },
});

describe('ModelEntityProvider', () => {
  let answer: Discovery;
  let mutations: EntityProviderMutation[];
  let provider: ModelEntityProvider;
  const all = (...items: Discovery['items']): Discovery => ({
    items,
    incomplete: [],
    unregistered: [],
  });
  const summary = () =>
    mutations.map(m =>
      m.type === 'full'
        ? ['full', m.entities.map(e => e.entity.metadata.name)]
        : [
            'delta',
            m.added.map(e => e.entity.metadata.name),
            m.removed.map(r => ('entityRef' in r ? r.entityRef : '?')),
          ],
    );

  beforeEach(async () => {
    mutations = [];
    provider = new ModelEntityProvider(
      async () => answer,
      mockServices.logger.mock(),
    );
    await provider.connect({
      applyMutation: async m => {
        mutations.push(m);
      },
      refresh: async () => undefined,
    });
  });

  it('replaces everything at first, then emits only what is different', async () => {
    answer = all(item('a'), item('b'));
    await provider.refresh();
    await provider.refresh();
    answer = all(item('a', 'changed'), item('c'));
    await provider.refresh();
    expect(summary()).toEqual([
      ['full', ['a', 'b']],
      ['delta', ['a', 'c'], ['mlmodel:default/b']],
    ]);
  });

  it('sets no location key, so that a hand-written file takes the entity over', async () => {
    answer = all(item('a'));
    await provider.refresh();
    const [first] = mutations;
    expect(first.type === 'full' && first.entities[0]).toEqual({
      entity: expect.objectContaining({
        metadata: expect.objectContaining({
          annotations: {
            'backstage.io/managed-by-location':
              'model-delivery:local/default/a',
            'backstage.io/managed-by-origin-location':
              'model-delivery:local/default/a',
          },
        }),
      }),
    });
  });

  it('removes nothing when there is suddenly nothing', async () => {
    answer = all();
    await provider.refresh();
    answer = all(item('a'), item('b'));
    await provider.refresh();
    answer = all();
    await provider.refresh();
    expect(summary()).toEqual([['full', ['a', 'b']]]);
  });

  it('keeps what a provider told that does not answer now', async () => {
    answer = all(item('a'), item('m', 'x', 'mlflow'));
    await provider.refresh();
    answer = { items: [item('a')], incomplete: ['mlflow'], unregistered: [] };
    await provider.refresh();
    expect(mutations).toHaveLength(1);
  });

  it('adds, and replaces nothing, when a first answer is incomplete', async () => {
    answer = { items: [item('a')], incomplete: ['mlflow'], unregistered: [] };
    await provider.refresh();
    expect(summary()).toEqual([['delta', ['a'], []]]);
  });

  describe('what people unregistered', () => {
    const registered = (name: string) => item(name, 'x', 'registered');
    const unregistered = (...names: string[]) =>
      names.map(name => ({ entityRef: `mlmodel:default/${name}`, at: '1' }));

    it('leaves the catalog once, also when it is all there was', async () => {
      answer = all(registered('a'), registered('b'));
      await provider.refresh();
      answer = { ...all(), unregistered: unregistered('a', 'b') };
      await provider.refresh();
      await provider.refresh();
      expect(summary()).toEqual([
        ['full', ['a', 'b']],
        ['delta', [], ['mlmodel:default/a', 'mlmodel:default/b']],
      ]);
    });

    it('leaves it after a restart, while nothing is left or another source fails', async () => {
      answer = { ...all(), unregistered: unregistered('a') };
      await provider.refresh();
      answer = {
        ...all(item('c')),
        incomplete: ['mlflow'],
        unregistered: unregistered('a', 'b'),
      };
      await provider.refresh();
      expect(summary()).toEqual([
        ['delta', [], ['mlmodel:default/a']],
        ['delta', [], ['mlmodel:default/b']],
        ['delta', ['c'], []],
      ]);
    });

    it('comes back when it is registered again, and may leave again', async () => {
      answer = { ...all(item('c')), unregistered: unregistered('a') };
      await provider.refresh();
      answer = all(item('c'), registered('a'));
      await provider.refresh();
      answer = {
        ...all(item('c')),
        unregistered: [{ entityRef: 'mlmodel:default/a', at: '2' }],
      };
      await provider.refresh();
      expect(summary()).toEqual([
        ['delta', [], ['mlmodel:default/a']],
        ['full', ['c']],
        ['delta', ['a'], []],
        ['delta', [], ['mlmodel:default/a']],
      ]);
    });

    it('stays where a provider tells of it since, though that one fails now', async () => {
      answer = all(item('a', 'x', 'mlflow'), item('c'));
      await provider.refresh();
      answer = {
        ...all(item('c')),
        incomplete: ['mlflow'],
        unregistered: unregistered('a'),
      };
      await provider.refresh();
      expect(summary()).toEqual([['full', ['a', 'c']]]);
    });

    it('does not let what merely vanished go with it', async () => {
      answer = all(registered('a'), item('b'), item('c'));
      await provider.refresh();
      answer = { ...all(), unregistered: unregistered('a') };
      await provider.refresh();
      expect(summary()).toEqual([
        ['full', ['a', 'b', 'c']],
        ['delta', [], ['mlmodel:default/a']],
      ]);
    });
  });
});
