import fs from 'node:fs';
import path from 'node:path';
import type { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { parse } from 'yaml';
import { readConfig } from './config';

const target = { provider: 'local' };
const read = (defaults: object) =>
  readConfig(
    mockServices.rootConfig({
      data: { modelDelivery: { defaults: { ...defaults } } },
    }),
  );

describe('the defaults of annotated entities', () => {
  it('are none where nothing is said', () => {
    expect(readConfig(mockServices.rootConfig()).defaults).toEqual({
      environments: [],
      monitors: [],
    });
  });

  it.each([
    [
      { environments: [{ name: 'production', after: 'staging', target }] },
      'modelDelivery.defaults.environments[0].after is "staging": must name an environment declared above this one',
    ],
    [
      {
        monitors: [
          { name: 'm', signal: 'latency', environment: 'x', source: target },
        ],
      },
      'modelDelivery.defaults.monitors[0].environment is "x": must name a declared environment (none is declared)',
    ],
  ])('fail the start where they do not hold: %j', (defaults, message) => {
    expect(() => read(defaults)).toThrow(message);
  });

  it('make a model of the Component that docs/install.md shows, with those that it shows', () => {
    const file = path.resolve(__dirname, '../../../docs/install.md');
    const [, section] = fs
      .readFileSync(file, 'utf8')
      .split('## Models that are Components already');
    const [component, config] = [
      ...section.matchAll(/```yaml\n([\s\S]*?)```/g),
    ].map(([, yaml]) => parse(yaml));
    const { defaults } = readConfig(mockServices.rootConfig({ data: config }));
    expect(modelSpecFromEntity(component as Entity, defaults)).toMatchObject({
      entityRef: 'component:default/churn',
      pipelines: [{ provider: 'github', repository: 'acme/churn' }],
      versions: { provider: 'mlflow', name: 'churn' },
      environments: [{ name: 'staging' }, { name: 'production' }],
      monitors: [{ name: 'latency-p95' }],
    });
  });
});
