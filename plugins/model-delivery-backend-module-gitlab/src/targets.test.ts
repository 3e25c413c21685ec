import { modelOf } from './__testUtils__/testInstance';
import {
  deploymentTargetOf,
  pipelineTargetOf,
  subjectOfTarget,
  targetKeyOf,
} from './targets';

const inEnvironment = (
  target: Record<string, unknown> = {},
  environment = 'production',
) => ({ ...modelOf('acme/penguins', target), environment });

describe('a target', () => {
  it('names a project before the annotation does, with all of its groups', () => {
    expect(
      pipelineTargetOf(modelOf('acme/penguins', { project: 'a/b/c/x.y' })),
    ).toEqual({ project: 'a/b/c/x.y', ref: null });
    expect(pipelineTargetOf(modelOf('acme/penguins'))).toEqual({
      project: 'acme/penguins',
      ref: null,
    });
  });

  it('deploys to the environment of its name unless it says another', () => {
    expect(deploymentTargetOf(inEnvironment()).environment).toBe('production');
    expect(
      deploymentTargetOf(inEnvironment({ environment: 'review/eu 1' }))
        .environment,
    ).toBe('review/eu 1');
  });

  it.each([
    { project: 'acme' },
    { project: 'acme/..' },
    { project: '../x' },
    { project: 'acme//x' },
    { project: '/acme/x' },
    { project: 'acme/x/' },
    { project: 'acme/x?ref=y' },
    { project: 'acme/x#y' },
    { project: 'acme/%2e%2e' },
    { project: 'acme/x\n' },
    { project: 'https://evil.example/x' },
    { project: 7 },
    { ref: 'a b' },
    { ref: '-x' },
    { ref: 7 },
  ])('of %j is refused', target => {
    expect(() => pipelineTargetOf(modelOf('acme/penguins', target))).toThrow(
      expect.objectContaining({ name: 'ProviderError', kind: 'bad-data' }),
    );
  });

  it.each(['/x', 'x/', 'a#b', 'a?b', 'a\nb', '', 'x'.repeat(151)])(
    'refuses the environment %j',
    environment => {
      expect(() => deploymentTargetOf(inEnvironment({ environment }))).toThrow(
        expect.objectContaining({ kind: 'bad-data' }),
      );
    },
  );

  it('says what to do about an environment whose name GitLab does not take', () => {
    expect(() => deploymentTargetOf(inEnvironment({}, 'eu#1'))).toThrow(
      '"eu#1" of mlmodel:default/penguins is no name of an environment on GitLab; give its target an environment.',
    );
  });

  it('without a project says where to name it', () => {
    const model = { ...modelOf('acme/penguins'), annotations: {} };
    expect(() => pipelineTargetOf(model)).toThrow(
      /give the target a project \(group\/name\), or the entity the annotation gitlab\.com\/project-slug/,
    );
    expect(subjectOfTarget('gitlab.com', model)).toBeNull();
  });

  it('is about a project, whatever its case', () => {
    expect(subjectOfTarget('gitlab.com', modelOf('Acme/Penguins'))).toBe(
      'gitlab.com/acme/penguins',
    );
  });

  it('has a key that ignores the case of the path and keeps that of the environment', () => {
    const key = (project: string, environment: string) =>
      targetKeyOf('gitlab.com', { project, environment });
    expect(key('Acme/Penguins', 'production')).toBe(
      'gitlab:gitlab.com/acme/penguins#production',
    );
    expect(key('acme/penguins', 'Production')).not.toBe(
      key('acme/penguins', 'production'),
    );
  });
});
