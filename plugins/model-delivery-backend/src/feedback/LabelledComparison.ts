import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { StoredIncident } from '../database/incidentRows';
import { describeLabelled } from '../policy/labelledComparison';
import { findLabelSource, parseAnsweredAgain } from '../providers/labels';
import type { ProviderRegistry } from '../providers/ProviderRegistry';

/** The newest labelled rows that a candidate answers. */
const ROWS_AT_MOST = 500;
const TIMEOUT_MS = 45_000;

/** Compares a candidate with the live version on labels that came in after its training data was taken. */
export class LabelledComparison {
  readonly #registry: ProviderRegistry;

  constructor(options: { registry: ProviderRegistry }) {
    this.#registry = options.registry;
  }

  /**
   * @param since - when the training data was taken, RFC 3339 in UTC.
   * @returns what was found, or why nothing was, in a sentence.
   */
  async describe(
    spec: ModelSpec,
    incident: StoredIncident,
    candidate: string,
    since: string,
  ): Promise<string> {
    const { version: live, environment, monitor } = incident;
    if (live === null) {
      return 'There is no live version to compare it with on labels.';
    }
    const source = findLabelSource(spec, this.#registry, environment, monitor);
    if (!source) {
      return `No labels compare the versions: no monitor of ${environment} has a source that keeps labels.`;
    }
    const { provider, target } = source;
    if (!provider.answerAgain) {
      return `No labels compare the versions: ${provider.title} cannot have ${candidate} answer the labelled rows.`;
    }
    try {
      const answer = await provider.answerAgain(
        target,
        { since, limit: ROWS_AT_MOST, version: candidate },
        { signal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      const { rows } = parseAnsweredAgain(provider, answer);
      return describeLabelled(
        rows.filter(row => row.version === live),
        { live, candidate },
      );
    } catch (error) {
      // It informs a person and decides nothing, so the candidate goes on without it.
      const why =
        error instanceof ProviderError
          ? error.message
          : `${provider.title} could not be asked.`;
      return `No labels compare the versions: ${why}`;
    }
  }
}
