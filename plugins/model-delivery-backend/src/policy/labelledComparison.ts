import { show } from './numbers';
import { isRight, type Labelled, meanOf } from './quality';
import { showWithUnit } from './units';

/** Fewer rows prove nothing either way. */
export const ROWS_TO_COMPARE = 30;

/** A labelled row with the answers of two versions. */
export interface AnsweredTwice extends Labelled {
  /** Of the candidate; `predicted` is the live version's. */
  answer: string | number;
}

const pairs = (a: number[], b: number[]) => a.map((one, i) => one - b[i]);

const points = (share: number) =>
  `${show(Number((share * 100).toPrecision(3)))} points`;

/**
 * A candidate against the live version on the same labelled rows, in a sentence: shares of right answers,
 * or mean absolute errors, with the paired 95 % interval of the difference.
 */
export function describeLabelled(
  rows: AnsweredTwice[],
  names: { live: string; candidate: string },
): string {
  const { live, candidate } = names;
  if (rows.length < ROWS_TO_COMPARE) {
    return `Labels do not compare ${candidate} with ${live} yet: ${rows.length} of ${ROWS_TO_COMPARE} rows were labelled since the training data was taken.`;
  }
  const about = `On ${rows.length} rows that were labelled since the training data was taken`;
  if (rows.every(({ label }) => typeof label === 'number')) {
    const errors = (of: (row: AnsweredTwice) => unknown) =>
      rows.map(row => Math.abs(Number(of(row)) - Number(row.label)));
    const [ours, theirs] = [errors(r => r.answer), errors(r => r.predicted)];
    return `${about}, the mean absolute error of ${candidate} is ${show(meanOf(ours).value)}, and ${show(meanOf(theirs).value)} of ${live}: ${verdict(pairs(theirs, ours), show)}.`;
  }
  const hits = (of: (row: AnsweredTwice) => string | number) =>
    rows.map(row => Number(isRight({ predicted: of(row), label: row.label })));
  const [ours, theirs] = [hits(r => r.answer), hits(r => r.predicted)];
  const percent = (values: number[]) =>
    showWithUnit(meanOf(values).value, 'ratio');
  return `${about}, ${candidate} is right in ${percent(ours)}, and ${live} in ${percent(theirs)}: ${verdict(pairs(ours, theirs), points)}.`;
}

/** @param gains - of the candidate by row; above 0 it is better. */
function verdict(gains: number[], showGain: (value: number) => string): string {
  const {
    value,
    interval: [low, high],
  } = meanOf(gains);
  const difference = `${showGain(Math.abs(value))} ${value < 0 ? 'worse' : 'better'}`;
  const interval = `95 % interval of the gain ${showGain(low)} to ${showGain(high)}`;
  const isProved = low > 0 || high < 0;
  return `${isProved ? difference : 'no difference is proved'} (${interval})`;
}
