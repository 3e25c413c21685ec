import { modelOf } from './__testUtils__/testInstance';
import {
  deploymentTargetOf,
  pipelineTargetOf,
  subjectOfTarget,
} from './targets';

describe('a target', () => {
  it('names a repository before the annotation does', () => {
    expect(
      pipelineTargetOf(modelOf('acme/penguins', { repository: 'beta/x.y' })),
    ).toEqual({
      owner: 'beta',
      repo: 'x.y',
      workflow: 'model.yaml',
      ref: null,
    });
    expect(
      pipelineTargetOf(
        modelOf('acme/penguins', { workflow: '.github/workflows/a b.yml' }),
      ),
    ).toMatchObject({ owner: 'acme', repo: 'penguins', workflow: 'a b.yml' });
  });

  it('deploys to the environment of its name unless it says another', () => {
    const environment = (target: object) =>
      deploymentTargetOf({
        ...modelOf('acme/penguins', { ...target }),
        environment: 'production',
      }).environment;
    expect(environment({})).toBe('production');
    expect(environment({ environment: 'prod-eu' })).toBe('prod-eu');
  });

  it.each([
    { repository: 'acme' },
    { repository: 'acme/..' },
    { repository: '../x' },
    { repository: 'acme/x/y' },
    { repository: 'https://evil.example/x' },
    { workflow: '../../x.yaml' },
    { workflow: 'x/y.yaml' },
    { workflow: 'x.sh' },
    { ref: 'a b' },
    { ref: '-x' },
    { ref: 7 },
  ])('of %j is refused', target => {
    expect(() => pipelineTargetOf(modelOf('acme/penguins', target))).toThrow(
      expect.objectContaining({ name: 'ProviderError', kind: 'bad-data' }),
    );
  });

  it('without a repository says where to name it', () => {
    const model = { ...modelOf('acme/penguins'), annotations: {} };
    expect(() => pipelineTargetOf(model)).toThrow(
      /give the target a repository \(owner\/name\), or the entity the annotation github\.com\/project-slug/,
    );
    expect(subjectOfTarget('github.com', model)).toBeNull();
  });

  it('is about a repository, whatever its case', () => {
    expect(subjectOfTarget('github.com', modelOf('Acme/Penguins'))).toBe(
      'github.com/acme/penguins',
    );
  });
});
