import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** Of so many rows that arrived, one is held out: the next version is judged on new rows, too. */
const HELD_OF = 3;

const linesOf = (text: string) =>
  text.split(/\r?\n/).filter(line => line.trim() !== '');

const append = (text: string, rows: string[]) =>
  `${[text.replace(/\s+$/, ''), ...rows].join('\n')}\n`;

/**
 * CSV texts of a project with the rows that arrived in them. Pure: the same texts give the same ones.
 *
 * @returns null where no row arrived.
 * @throws ProviderError `bad-data` where the columns are others.
 */
export function takeArrived(data: {
  train: string;
  arriving: string;
  holdout: string | undefined;
}): {
  train: string;
  arriving: string;
  holdout: string | undefined;
  /** How many arrived, and how many of them are held out. */
  rows: number;
  held: number;
} | null {
  const [header, ...rows] = linesOf(data.arriving);
  if (rows.length === 0) return null;
  for (const text of [data.train, data.holdout]) {
    if (text !== undefined && linesOf(text)[0] !== header) {
      throw new ProviderError(
        'bad-data',
        `The rows that arrived have the columns ${header}, and the data has ${linesOf(text)[0]}.`,
      );
    }
  }
  const isHeld = (index: number) =>
    data.holdout !== undefined && index % HELD_OF === HELD_OF - 1;
  const held = rows.filter((_, index) => isHeld(index));
  const trained = rows.filter((_, index) => !isHeld(index));
  return {
    train: append(data.train, trained),
    arriving: `${header}\n`,
    holdout: data.holdout && append(data.holdout, held),
    rows: rows.length,
    held: held.length,
  };
}
