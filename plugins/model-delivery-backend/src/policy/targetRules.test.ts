import { targetProblem, type TargetRule } from './targetRules';

const model = {
  entityRef: 'mlmodel:default/penguins',
  owner: 'group:default/ml',
  sourceRepository: 'github.com/acme/penguins',
};
const owner = model.owner;
const problem = (
  names: Parameters<typeof targetProblem>[1],
  rules: TargetRule[] = [],
) => targetProblem(model, names, rules);

describe('who may use a target', () => {
  it('lets a model deploy to a place of its own and to its own repository', () => {
    expect(problem({})).toBeNull();
    expect(problem({ repository: 'github.com/acme/penguins' })).toBeNull();
    expect(problem({ repository: 'GitHub.com/Acme/Penguins' })).toBeNull();
  });

  it('refuses any other target without a rule, and names the missing rule', () => {
    expect(problem({ repository: 'github.com/acme/churn' })).toBe(
      'mlmodel:default/penguins may not deploy to repository github.com/acme/churn. Add a rule to modelDelivery.targets in app-config: { owner: group:default/ml, repositories: [github.com/acme/churn] }',
    );
    expect(
      targetProblem(
        { ...model, sourceRepository: null },
        { repository: 'github.com/acme/penguins' },
        [],
      ),
    ).not.toBeNull();
  });

  it('grants what a rule of the owner names, with wildcards', () => {
    const churn = { repository: 'github.com/acme/churn' };
    const rules = (pattern: string, of = owner) => [
      { owner: of, repositories: [pattern] },
    ];
    expect(problem(churn, rules('github.com/acme/*'))).toBeNull();
    expect(problem(churn, rules('github.com/acme/churn'))).toBeNull();
    expect(problem(churn, rules('github.com/acme'))).not.toBeNull();
    expect(problem(churn, rules('github.com.acme/*'))).not.toBeNull();
    expect(problem(churn, rules('*', 'group:default/other'))).not.toBeNull();
  });

  it('needs every list that a rule gives to match', () => {
    const place = { namespace: 'ml', service: 'churn' };
    expect(problem(place, [{ owner, namespaces: ['ml'] }])).toBeNull();
    expect(problem(place, [{ owner, services: ['churn'] }])).toBeNull();
    expect(
      problem(place, [{ owner, namespaces: ['ml'], services: ['other'] }]),
    ).not.toBeNull();
    expect(problem(place, [{ owner, repositories: ['*'] }])).not.toBeNull();
  });
});
