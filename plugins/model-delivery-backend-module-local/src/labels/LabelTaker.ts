import { signature } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import type { PredictionStore } from '../database/PredictionStore';
import { readBundleJson } from '../registry/bundle';
import type { Environments } from '../serving/Environments';
import type { FeedbackCounts, Outcome } from './feedbackCounts';
import type { PredictionLog } from './PredictionLog';
import { parse } from './readExchange';

const SHAPE =
  'Send {"id", "label"} with the id of an answer; "row", from 0, for a request with several.';

const body = z.object({
  id: z.string().min(1),
  row: z.int().min(0).default(0),
  label: z.union([z.string().max(500), z.number(), z.boolean()]),
});
const params = z.looseObject({
  feedbackTolerance: z.number().min(0).default(0),
});

/** What a client is answered. */
export interface LabelAnswer {
  status: number;
  content:
    | { id: string; row: number; outcome: Outcome; replaced: boolean }
    | { error: string };
}

interface Parts {
  store: PredictionStore;
  log: PredictionLog;
  counts: FeedbackCounts;
  environments: Environments;
  onLabel: (key: string) => void;
}

/**
 * Takes labels for predictions of an environment, whichever server made them. A second label of the same
 * row replaces the first.
 */
export class LabelTaker {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param sent - undefined where it was too large to be read. */
  async take(key: string, sent: Buffer | undefined): Promise<LabelAnswer> {
    const given = body.safeParse(sent && parse(sent));
    if (!given.success) return this.#refuse(key, 400, 'malformed', SHAPE);
    const { id, row } = given.data;
    const label =
      typeof given.data.label === 'boolean'
        ? String(given.data.label)
        : given.data.label;
    const { store, log, counts, onLabel } = this.#parts;
    await log.flush();
    const made = await store.find(key, id);
    if (!made || row >= made.answers.length) {
      return this.#unknown(key, id, made && row);
    }
    const predicted = made.answers[row];
    const { classes, tolerance } = await this.#rules(key);
    const expected = expectation(predicted, classes);
    if (!expected.holds(label)) {
      const sentence = `The label must be ${expected.text}.`;
      return this.#refuse(key, 400, 'malformed', sentence);
    }
    const replaced = await store.label(key, id, row, label, Date.now());
    if (replaced === undefined) return this.#unknown(key, id);
    const outcome = compare(predicted, label, tolerance);
    counts.add(key, outcome);
    onLabel(key);
    return { status: 200, content: { id, row, outcome, replaced } };
  }

  #unknown(key: string, id: string, row?: number): LabelAnswer {
    const name = JSON.stringify(id.slice(0, 200));
    return this.#refuse(
      key,
      404,
      'unknown-id',
      row === undefined
        ? `No prediction of ${key} has the id ${name}. It was never made here, or it was forgotten: modelDelivery.local.predictions says how long predictions are kept.`
        : `The prediction ${name} has no row ${row}; rows count from 0.`,
    );
  }

  #refuse(
    key: string,
    status: number,
    outcome: Outcome,
    error: string,
  ): LabelAnswer {
    this.#parts.counts.add(key, outcome);
    return { status, content: { error } };
  }

  /** As the bundle that is live has them; a label is taken where none is. */
  async #rules(
    key: string,
  ): Promise<{ classes: string[] | undefined; tolerance: number }> {
    const folder = this.#parts.environments.find(key)?.current?.bundle.folder;
    if (!folder) return { classes: undefined, tolerance: 0 };
    const declared = await readBundleJson(
      folder,
      'model/signature.json',
      signature,
    );
    const trained = await readBundleJson(folder, 'model/params.json', params);
    return {
      classes: declared?.outputs[0]?.categories,
      tolerance: trained?.feedbackTolerance ?? 0,
    };
  }
}

function expectation(predicted: string | number, classes?: string[]) {
  if (typeof predicted === 'number') {
    return {
      text: 'a number',
      holds: (label: string | number) => typeof label === 'number',
    };
  }
  return {
    text: classes ? `one of ${classes.join(', ')}` : 'the name of a class',
    holds: (label: string | number) =>
      typeof label === 'string' && (!classes || classes.includes(label)),
  };
}

function compare(
  predicted: string | number,
  label: string | number,
  tolerance: number,
): Outcome {
  if (typeof predicted === 'number' && typeof label === 'number') {
    return Math.abs(predicted - label) <= tolerance ? 'close' : 'far';
  }
  return predicted === label ? 'correct' : 'incorrect';
}
