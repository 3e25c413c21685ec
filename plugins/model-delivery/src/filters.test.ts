import { evaluateFilterPredicate } from '@backstage/filter-predicates';
import { isModelEntity } from '@slipway/plugin-model-delivery-common';
import { isModel, mayUseModels } from './filters';

const entity = (kind: string, type: string, annotations = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', annotations },
  spec: { type },
});
const annotations = { 'model-delivery/pipelines': 'local:x' };

describe('isModel', () => {
  it.each([
    entity('MLModel', 'classification'),
    entity('mlmodel', 'classification'),
    entity('Component', 'ml-model', annotations),
    entity('Resource', 'ai-model', { 'model-delivery/versions': 'mlflow:x' }),
    entity('Component', 'ml-model'),
    entity('Component', 'service', annotations),
    entity('API', 'ml-model', annotations),
  ])('says of %j what isModelEntity says', value => {
    expect(evaluateFilterPredicate(isModel, value)).toBe(isModelEntity(value));
  });
});

describe('mayUseModels', () => {
  it('lets components and APIs in, but no model', () => {
    const matches = (value: ReturnType<typeof entity>) =>
      evaluateFilterPredicate(mayUseModels, value);
    expect(matches(entity('Component', 'service'))).toBe(true);
    expect(matches(entity('API', 'openapi'))).toBe(true);
    expect(matches(entity('Component', 'ml-model', annotations))).toBe(false);
    expect(matches(entity('Group', 'team'))).toBe(false);
  });
});
