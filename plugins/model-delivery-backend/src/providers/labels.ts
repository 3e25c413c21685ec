import {
  type ModelSpec,
  timestamp,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  AnsweredAgain,
  EnvironmentTarget,
  LabelledPrediction,
  MonitorProvider,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { parseAnswer } from './parseAnswer';
import type { ProviderRegistry } from './ProviderRegistry';
import { targetOf } from './targetOf';

const value = z.union([z.string(), z.number()]);
const labelled = z.object({
  id: z.string(),
  row: z.int(),
  version: z.string().nullable(),
  predictedAt: timestamp,
  labelledAt: timestamp,
  predicted: value,
  label: value,
});
const answeredAgain = labelled.extend({ answer: value });

/** A source of labels, and the environment as it knows it. */
export interface LabelSource {
  provider: MonitorProvider;
  target: EnvironmentTarget;
}

/**
 * The source of labels of an environment: that of one of its monitors, those of `preferred` first.
 *
 * @returns undefined where none of them keeps labels.
 */
export function findLabelSource(
  spec: ModelSpec,
  registry: ProviderRegistry,
  environment: string,
  preferred: string,
): LabelSource | undefined {
  const monitors = spec.monitors
    .filter(monitor => monitor.environment === environment)
    .sort(
      (a, b) => Number(b.name === preferred) - Number(a.name === preferred),
    );
  for (const { source } of monitors) {
    const provider = registry.find('monitors', source.provider);
    if (provider?.getLabelled) {
      return { provider, target: { ...targetOf(spec, source), environment } };
    }
  }
  return undefined;
}

/** Rows as a provider returned them; invalid ones are left out, and `missing` names the first. */
export interface ReadRows<T> {
  rows: T[];
  missing?: ProviderError;
}

export const parseLabelled = (
  provider: MonitorProvider,
  answer: unknown,
): ReadRows<LabelledPrediction> => parseRows(provider, labelled, answer);

export const parseAnsweredAgain = (
  provider: MonitorProvider,
  answer: unknown,
): ReadRows<AnsweredAgain> => parseRows(provider, answeredAgain, answer);

/** @throws ProviderError `bad-data` where it is no list. */
function parseRows<S extends z.ZodType>(
  provider: MonitorProvider,
  schema: S,
  answer: unknown,
): ReadRows<z.output<S>> {
  const about = { thing: 'labels', part: 'labels' };
  const read: ReadRows<z.output<S>> = { rows: [] };
  const items = parseAnswer(provider, about, z.array(z.unknown()), answer);
  items.forEach((item, index) => {
    try {
      const at = { ...about, part: `labels[${index}]` };
      read.rows.push(parseAnswer(provider, at, schema, item));
    } catch (error) {
      read.missing ??= error as ProviderError;
    }
  });
  return read;
}
