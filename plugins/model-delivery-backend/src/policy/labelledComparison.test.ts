import { describeLabelled } from './labelledComparison';

const names = { live: '0.1.0', candidate: '0.2.0' };
const rows = (
  count: number,
  predicted: string | number,
  answer: string | number,
  label: string | number,
) => Array.from({ length: count }, () => ({ predicted, answer, label }));

describe('describeLabelled', () => {
  it('says how many rows are missing for a comparison', () => {
    expect(describeLabelled(rows(29, 'a', 'a', 'a'), names)).toBe(
      'Labels do not compare 0.2.0 with 0.1.0 yet: 29 of 30 rows were labelled since the training data was taken.',
    );
  });

  it('names the gain where the paired interval proves one', () => {
    expect(
      describeLabelled(
        [...rows(60, 'a', 'a', 'a'), ...rows(40, 'a', 'b', 'b')],
        names,
      ),
    ).toBe(
      'On 100 rows that were labelled since the training data was taken, 0.2.0 is right in 100 %, and 0.1.0 in 60 %: 40 points better (95 % interval of the gain 30.3 points to 49.7 points).',
    );
    expect(
      describeLabelled(
        [...rows(60, 'a', 'a', 'a'), ...rows(40, 'b', 'a', 'b')],
        names,
      ),
    ).toContain(': 40 points worse (');
  });

  it('claims no difference that the rows do not prove', () => {
    expect(
      describeLabelled(
        [...rows(98, 'a', 'a', 'a'), ...rows(2, 'a', 'b', 'b')],
        names,
      ),
    ).toContain('no difference is proved (');
  });

  it('compares numbers by their errors, where less is better', () => {
    const text = describeLabelled(
      [...rows(20, 12, 11, 10), ...rows(20, 14, 11, 10)],
      names,
    );
    expect(text).toContain(
      'the mean absolute error of 0.2.0 is 1, and 3 of 0.1.0: 2 better (95 % interval of the gain 1.686 to 2.314).',
    );
  });
});
