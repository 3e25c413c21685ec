import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { liveVersions } from './candidate';
import { whereToName } from './whereToName';

const spec = (kind: string) => ({ kind }) as ModelSpec;

describe('where a person names what a model lacks', () => {
  it('is the spec of an MLModel', () => {
    expect(whereToName(spec('mlmodel'), 'pipelines')).toBe(
      'spec.pipelines of its entity',
    );
  });

  it.each([
    ['pipelines', 'the annotation model-delivery/pipelines'],
    ['versions', 'the annotation model-delivery/versions'],
    [
      'environments',
      'modelDelivery.defaults.environments of app-config, or declare it as an MLModel',
    ],
  ] as const)('is, for %s of another kind, %s', (part, where) => {
    expect(whereToName(spec('component'), part)).toBe(where);
  });
});

describe('the live versions', () => {
  it('leave out an environment whose version is not known', () => {
    const live = new Map([
      ['staging', { version: '0.2.0' }],
      ['production', { version: '0.1.0' }],
    ]);
    expect(liveVersions(live, new Map([['0.2.0', 'two']]))).toEqual(
      new Map([['staging', 'two']]),
    );
  });
});
