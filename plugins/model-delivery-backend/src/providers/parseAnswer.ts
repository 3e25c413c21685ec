import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import {
  ProviderError,
  type ProviderIdentity,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

/** Of one answer; the rest is counted. */
const MAX_ISSUES = 3;

/** What an answer is about: the thing, as in `run 17`, and the part of it, as in `jobs`. */
export interface About {
  thing: string;
  part: string;
}

/**
 * Holds what a provider said to its schema: nothing of it is stored or shown before. What has a
 * default may be left out, and what the schema does not know is dropped.
 *
 * @throws ProviderError `bad-data` that names the provider, the thing and the field.
 */
export function parseAnswer<S extends z.ZodType>(
  provider: ProviderIdentity,
  about: About,
  schema: S,
  answer: unknown,
): z.output<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const first = new z.ZodError(issues.slice(0, MAX_ISSUES));
  const more = issues.length - MAX_ISSUES;
  throw new ProviderError(
    'bad-data',
    `${provider.title} returned invalid data about ${about.thing}: ${describeIssues(
      about.part,
      first,
      answer,
    )}${more > 0 ? `; and ${more} more` : ''}`,
  );
}
