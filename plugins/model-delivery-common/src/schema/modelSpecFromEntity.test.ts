import type { Entity } from '@backstage/catalog-model';
import {
  InvalidModelSpecError,
  modelEntitySpecJsonSchema,
  modelSpecFromEntity,
} from './modelSpecFromEntity';

const model = (spec: object): Entity => ({
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name: 'Penguin-Species', namespace: 'Research' },
  spec: {
    type: 'classification',
    lifecycle: 'production',
    owner: 'ml-platform',
    ...spec,
  },
});
const target = { provider: 'local' };

describe('modelSpecFromEntity', () => {
  it('gives full lower-case references and fills in the defaults', () => {
    const spec = modelSpecFromEntity(
      model({
        system: 'birds',
        trainedOn: ['palmer-penguins'],
        environments: [{ name: 'staging', target }],
      }),
    );
    expect(spec).toMatchObject({
      entityRef: 'mlmodel:research/penguin-species',
      owner: 'group:research/ml-platform',
      system: 'system:research/birds',
      trainedOn: ['resource:research/palmer-penguins'],
      environments: [{ name: 'staging', deploy: 'manual', gates: [] }],
      monitors: [],
    });
  });

  it.each([
    [
      { environments: [{ name: 'Staging', target }] },
      'spec.environments[0].name is "Staging": must be lower-case letters, digits and dashes, beginning with a letter',
    ],
    [
      { environments: [{ name: 'staging', target, deploy: 'always' }] },
      'spec.environments[0].deploy is "always"',
    ],
    [
      { environments: [{ name: 'production', after: 'staging', target }] },
      'spec.environments[0].after is "staging": must name an environment declared above this one',
    ],
    [
      {
        environments: [
          { name: 'a', target },
          { name: 'a', target },
        ],
      },
      'spec.environments[1].name is "a": is used twice',
    ],
    [
      { environments: [{ name: 'a', target, gates: [{ tests: ['unti'] }] }] },
      'spec.environments[0].gates[0].tests[0] is "unti"',
    ],
    [
      {
        monitors: [
          { name: 'm', signal: 'latency', environment: 'x', source: target },
        ],
      },
      'spec.monitors[0].environment is "x": must name a declared environment (none is declared)',
    ],
    [{ owner: undefined }, 'spec.owner is missing'],
    [{ colour: 'red' }, 'spec is {'],
  ])('names field, value and remedy of a mistake: %j', (spec, message) => {
    expect(() => modelSpecFromEntity(model(spec))).toThrow(
      InvalidModelSpecError,
    );
    expect(() => modelSpecFromEntity(model(spec))).toThrow(message);
  });

  it('reads an annotated Component by the same words, with the defaults of the host', () => {
    const component: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'churn',
        annotations: {
          'model-delivery/pipelines': 'github:acme/churn',
          'model-delivery/versions': 'mlflow:churn: the model',
        },
      },
      spec: { type: 'ml-model', lifecycle: 'production', owner: 'growth' },
    };
    expect(
      modelSpecFromEntity(component, {
        environments: [
          { name: 'production', deploy: 'manual', target, gates: [] },
        ],
      }),
    ).toMatchObject({
      entityRef: 'component:default/churn',
      pipelines: [{ provider: 'github', repository: 'acme/churn' }],
      versions: { provider: 'mlflow', name: 'churn: the model' },
      environments: [{ name: 'production' }],
    });
  });

  const modelLike = (annotations?: Record<string, string>): Entity => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'shop', annotations },
    spec: { type: 'ml-model', owner: 'x' },
  });

  it('refuses what is no model', () => {
    expect(() => modelSpecFromEntity(modelLike())).toThrow('is not a model');
    const website = modelLike({ 'model-delivery/versions': 'mlflow:churn' });
    website.spec = { type: 'website', owner: 'x' };
    expect(() => modelSpecFromEntity(website)).toThrow('is not a model');
  });

  it.each([
    ['versions', 'churn', '"churn"'],
    ['versions', '', '""'],
    ['versions', 'mlflow:', '"mlflow:"'],
    ['versions', 'MLflow:churn', '"MLflow:churn"'],
    ['pipelines', 'github:acme/churn, churn', '" churn"'],
    ['pipelines', 'github:acme/churn,', '""'],
  ])(
    'names field, value and remedy of a malformed annotation: %s %j',
    (name, value, shown) => {
      const example = {
        versions: 'mlflow:penguin-species',
        pipelines: 'github:acme/penguin-species',
      }[name];
      const key = `model-delivery/${name}`;
      expect(() => modelSpecFromEntity(modelLike({ [key]: value }))).toThrow(
        `metadata.annotations["${key}"] is ${shown}; write <provider>:<name>, such as ${example}`,
      );
    },
  );

  it('refuses a metric of quality on a monitor of anything else', () => {
    const monitors = (signal: string) =>
      modelSpecFromEntity({
        apiVersion: 'model-delivery/v1alpha1',
        kind: 'MLModel',
        metadata: { name: 'm' },
        spec: {
          type: 'classification',
          lifecycle: 'experimental',
          owner: 'x',
          environments: [{ name: 'production', target: { provider: 'local' } }],
          monitors: [
            {
              name: 'accuracy',
              signal,
              environment: 'production',
              source: { provider: 'local' },
              quality: { metric: 'accuracy' },
            },
          ],
        },
      }).monitors;
    expect(monitors('quality')[0].quality).toEqual({
      metric: 'accuracy',
      window: '24h',
      minLabels: 50,
    });
    expect(() => monitors('latency')).toThrow('needs "signal: quality"');
  });

  it('exports what people may write as JSON Schema', () => {
    expect(modelEntitySpecJsonSchema()).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['type', 'lifecycle', 'owner']),
      properties: { environments: { type: 'array' } },
    });
  });
});
