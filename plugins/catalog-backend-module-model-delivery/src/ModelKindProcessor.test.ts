import type { Entity } from '@backstage/catalog-model';
import type {
  CatalogProcessorCache,
  CatalogProcessorResult,
} from '@backstage/plugin-catalog-node';
import { ModelKindProcessor } from './ModelKindProcessor';

const model: Entity = {
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name: 'penguin-species', namespace: 'default' },
  spec: {
    type: 'classification',
    lifecycle: 'production',
    owner: 'ml-platform',
    system: 'research',
    trainedOn: ['palmer-penguins'],
    providesApis: ['penguin-species-api'],
  },
};
const location = { type: 'url', target: 'https://example.com' };

describe('ModelKindProcessor', () => {
  const processed: string[] = [];
  const processor = new ModelKindProcessor(ref => processed.push(ref));
  const cached = new Map<string, unknown>();
  const cache = {
    get: async (key: string) => cached.get(key),
    set: async (key: string, value: unknown) => {
      cached.set(key, value);
    },
  } as CatalogProcessorCache;
  const emitted = async (entity: Entity) => {
    const results: CatalogProcessorResult[] = [];
    await processor.postProcessEntity(
      entity,
      location,
      r => results.push(r),
      cache,
    );
    return results.flatMap(r =>
      r.type === 'relation'
        ? [
            `${r.relation.source.kind}/${r.relation.source.name} ${r.relation.type} ${r.relation.target.kind}/${r.relation.target.name}`.toLocaleLowerCase(
              'en-US',
            ),
          ]
        : [],
    );
  };
  beforeEach(() => {
    processed.splice(0);
    cached.clear();
  });

  it('accepts the kind, and leaves other kinds to others', async () => {
    expect(await processor.validateEntityKind(model)).toBe(true);
    expect(
      await processor.validateEntityKind({ ...model, kind: 'Component' }),
    ).toBe(false);
  });

  it('names the field, its value and what would be right', async () => {
    const wrong = { ...model, spec: { ...model.spec, owner: 42 } };
    await expect(processor.validateEntityKind(wrong)).rejects.toThrow(
      'spec.owner is 42: ',
    );
    await expect(
      processor.validateEntityKind({ ...model, apiVersion: 'v1' }),
    ).rejects.toThrow('it must be model-delivery/v1alpha1');
  });

  it('emits every relation both ways', async () => {
    const self = 'mlmodel/penguin-species';
    expect(await emitted(model)).toEqual([
      `${self} ownedby group/ml-platform`,
      `group/ml-platform ownerof ${self}`,
      `${self} partof system/research`,
      `system/research haspart ${self}`,
      `${self} providesapi api/penguin-species-api`,
      `api/penguin-species-api apiprovidedby ${self}`,
      `${self} trainedon resource/palmer-penguins`,
      `resource/palmer-penguins trainingdataof ${self}`,
    ]);
    expect(processed).toEqual(['mlmodel:default/penguin-species']);
  });

  it('announces an annotated Component and leaves its relations to the catalog', async () => {
    const component: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'churn',
        annotations: { 'model-delivery/versions': 'mlflow:churn' },
      },
      spec: { type: 'ml-model', owner: 'growth' },
    };
    expect(await emitted(component)).toEqual([]);
    expect(processed).toEqual(['component:default/churn']);
    await emitted({ ...component, spec: { type: 'website' } });
    expect(processed).toHaveLength(1);
  });

  it('announces a model when it changed, and not each time it is processed', async () => {
    await emitted(model);
    await emitted(model);
    expect(processed).toEqual(['mlmodel:default/penguin-species']);
    await emitted({
      ...model,
      metadata: { ...model.metadata, description: 'Another' },
    });
    expect(processed).toHaveLength(2);
  });
});
