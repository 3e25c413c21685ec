import { catalogName } from '@slipway/plugin-model-delivery-common/schema';
import { catalogNames, nameWithHash } from './names';

const model = (name: string, created = 0) =>
  ({ name, creation_timestamp: created }) as never;

describe('names for the catalog', () => {
  it.each([
    'with spaces',
    'émoji 🐧',
    '🐧',
    `both ' and " quotes`,
    '-leading',
    'x'.repeat(300),
    '...',
  ])('can be held by it: %s', name => {
    const given = catalogNames([model(name)]).get(name)!;
    expect(catalogName.safeParse(given).success).toBe(true);
    expect(given).toMatch(/-[0-9a-f]{8}$/);
  });

  it('are their own where that will do', () => {
    const names = ['a', 'Fraud_model.v2', 'x'.repeat(63)];
    expect([...catalogNames(names.map(n => model(n))).values()]).toEqual(
      [...names].sort(),
    );
  });

  it('tell names apart that are alike', () => {
    expect(nameWithHash('a b')).not.toBe(nameWithHash('a  b'));
  });

  it('stay with the model that was there first', () => {
    const before = catalogNames([model('Churn', 1)]);
    const after = catalogNames([model('churn', 2), model('Churn', 1)]);
    expect(after.get('Churn')).toBe(before.get('Churn'));
    expect(after.get('churn')).toBe(nameWithHash('churn'));
  });
});
