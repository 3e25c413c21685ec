import type { JsonValue } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { columnsSchema, type Prediction } from '../labels/readExchange';

/** A prediction and where it was made. */
export interface MadePrediction extends Prediction {
  key: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A row of a prediction whose true value is known. Times are milliseconds since 1970. */
export interface LabelRow {
  id: string;
  row: number;
  version: string | null;
  predictedAt: number;
  labelledAt: number;
  answer: string | number;
  label: string | number;
  /** By name; null where they were not kept. */
  inputs: Record<string, JsonValue> | null;
}

type PredictionRow = {
  environment_key: string;
  id: string;
  at: string | number;
  version: string | null;
  answers: string;
  inputs: string | null;
};

/** A statement takes a limited number of values. */
const ROWS_AT_ONCE = 100;

const toRow = (made: MadePrediction): PredictionRow => ({
  environment_key: made.key,
  id: made.id,
  at: made.at,
  version: made.version,
  answers: JSON.stringify(made.answers),
  inputs: made.inputs && JSON.stringify(made.inputs),
});

/** Predictions that wait for their label, and those that have one. */
export class PredictionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** An id that an environment used before names the newer prediction from now on. */
  async add(predictions: MadePrediction[]): Promise<void> {
    for (let i = 0; i < predictions.length; i += ROWS_AT_ONCE) {
      await this.#knex('local_prediction')
        .insert(predictions.slice(i, i + ROWS_AT_ONCE).map(toRow))
        .onConflict(['environment_key', 'id'])
        .merge();
    }
  }

  /** The answers of a prediction, one for each row, and when they were given. */
  async find(
    key: string,
    id: string,
  ): Promise<{ at: number; answers: (string | number)[] } | undefined> {
    const row = await this.#knex<PredictionRow>('local_prediction')
      .where({ environment_key: key, id })
      .first();
    return row && { at: Number(row.at), answers: JSON.parse(row.answers) };
  }

  /**
   * Keeps the label of one row, once: a later label of the same row replaces it.
   *
   * @returns whether it replaced one; undefined where the prediction was forgotten meanwhile.
   */
  async label(
    key: string,
    id: string,
    row: number,
    label: string | number,
    now: number,
  ): Promise<boolean | undefined> {
    return this.#knex.transaction(async trx => {
      const made = await trx<PredictionRow>('local_prediction')
        .where({ environment_key: key, id })
        .first();
      if (!made) return undefined;
      const inputs =
        made.inputs && columnsSchema.parse(JSON.parse(made.inputs));
      const place = {
        environment_key: key,
        prediction_id: id,
        row,
        predicted_at: Number(made.at),
      };
      const before = await trx('local_label').where(place).first('row');
      await trx('local_label')
        .insert({
          ...place,
          labelled_at: now,
          version: made.version,
          answer: JSON.stringify(JSON.parse(made.answers)[row]),
          label: JSON.stringify(label),
          inputs:
            inputs &&
            JSON.stringify(
              Object.fromEntries(
                Object.entries(inputs).map(([name, data]) => [
                  name,
                  data[row] ?? null,
                ]),
              ),
            ),
        })
        .onConflict(Object.keys(place))
        .merge();
      return before !== undefined;
    });
  }

  /** The newest labels that came in at a time or later, those that came in last first. */
  async labelled(
    key: string,
    since: number,
    limit: number,
  ): Promise<LabelRow[]> {
    const rows = await this.#knex('local_label')
      .where('environment_key', key)
      .where('labelled_at', '>=', since)
      .orderBy([
        { column: 'labelled_at', order: 'desc' },
        { column: 'prediction_id' },
        { column: 'row' },
      ])
      .limit(limit);
    return rows.map(row => ({
      id: row.prediction_id,
      row: Number(row.row),
      version: row.version,
      predictedAt: Number(row.predicted_at),
      labelledAt: Number(row.labelled_at),
      answer: JSON.parse(row.answer),
      label: JSON.parse(row.label),
      inputs: row.inputs && JSON.parse(row.inputs),
    }));
  }

  /** Forgets what is older than `before`, and of each environment all but the newest. */
  async forget(before: number, perEnvironment: number): Promise<void> {
    await this.#forget('local_prediction', 'at', before, perEnvironment);
    await this.#forget('local_label', 'labelled_at', before, perEnvironment);
  }

  async #forget(
    table: string,
    time: string,
    before: number,
    perEnvironment: number,
  ): Promise<void> {
    await this.#knex(table).where(time, '<', before).delete();
    const keys: string[] = await this.#knex(table)
      .distinct('environment_key')
      .pluck('environment_key');
    for (const key of keys) {
      const ofKey = () => this.#knex(table).where('environment_key', key);
      const oldest = await ofKey()
        .orderBy(time, 'desc')
        .offset(perEnvironment)
        .first(time);
      if (oldest) await ofKey().where(time, '<=', oldest[time]).delete();
    }
  }
}
