import type {
  AnsweredAgain,
  EnvironmentTarget,
  LabelledPrediction,
  LabelRange,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import type { LabelRow, PredictionStore } from '../database/PredictionStore';
import { environmentKey, repositoryOf } from '../targets';
import type { AnswersAgain } from './AnswersAgain';

const shown = (row: LabelRow): LabelledPrediction => ({
  id: row.id,
  row: row.row,
  version: row.version,
  predictedAt: new Date(row.predictedAt).toISOString(),
  labelledAt: new Date(row.labelledAt).toISOString(),
  predicted: row.answer,
  label: row.label,
});

/** Labels of this machine, as the backend reads them. */
export class LocalLabels {
  readonly #store: PredictionStore;
  readonly #answers: AnswersAgain;

  constructor(parts: { store: PredictionStore; answers: AnswersAgain }) {
    this.#store = parts.store;
    this.#answers = parts.answers;
  }

  async labelled(
    target: EnvironmentTarget,
    range: LabelRange,
    { signal }: ProviderContext,
  ): Promise<LabelledPrediction[]> {
    signal.throwIfAborted();
    return (await this.#rows(target, range)).map(shown);
  }

  async answeredAgain(
    target: EnvironmentTarget,
    { version, ...range }: LabelRange & { version: string },
    { signal }: ProviderContext,
  ): Promise<AnsweredAgain[]> {
    signal.throwIfAborted();
    const rows = (await this.#rows(target, range)).flatMap(row =>
      row.inputs ? [{ ...row, inputs: row.inputs }] : [],
    );
    if (rows.length === 0) return [];
    const answers = await this.#answers.of(
      repositoryOf(target),
      version,
      rows.map(({ inputs }) => inputs),
      signal,
    );
    return rows.flatMap((row, index) => {
      const answer = answers[index];
      return answer === undefined ? [] : [{ ...shown(row), answer }];
    });
  }

  #rows(target: EnvironmentTarget, range: LabelRange): Promise<LabelRow[]> {
    return this.#store.labelled(
      environmentKey(target),
      Date.parse(range.since),
      range.limit,
    );
  }
}
