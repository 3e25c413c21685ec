import { modelTarget, providerOf } from '../__testUtils__/providers';

const URL = 'https://mlflow.example.com';
const discovery = { enabled: true, defaultOwner: 'ml-platform' };
const quiet = (settings: object) =>
  providerOf(URL, settings).lookAgainInSeconds!('quiet');

describe('a model without news', () => {
  it('is read seldom where something else tells of news', () => {
    expect(quiet({})).toBe(60);
    expect(quiet({ discovery })).toBe(600);
    expect(quiet({ discovery, webhook: { secret: 's' } })).toBe(1_800);
  });

  it('is read as often as the configuration says', () => {
    expect(quiet({ quietSeconds: 30, webhook: { secret: 's' } })).toBe(30);
  });
});

describe('what a change is about', () => {
  it("is the registered model's name, where the target names one", () => {
    const { subjectOf } = providerOf(URL);
    expect(subjectOf!(modelTarget('Penguin Species'))).toBe('Penguin Species');
    expect(subjectOf!(modelTarget('a/b'))).toBeNull();
    expect(
      subjectOf!({ ...modelTarget('a'), target: { provider: 'mlflow' } }),
    ).toBeNull();
  });
});
