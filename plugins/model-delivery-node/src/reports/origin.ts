import type {
  Evidence,
  EvidenceOrigin,
} from '@slipway/plugin-model-delivery-common';
import { z } from 'zod';
import { nullable, text } from './envelope';

const about = z.looseObject({
  subject: z.looseObject({ artifactDigest: text }).nullish(),
  source: z.looseObject({ commit: text, dirty: nullable(z.boolean()) }),
});

/**
 * Adds from which commit and about which artifact a JSON report was made.
 *
 * @param checkout - the commit that the reader itself checked out for the run. Such a checkout has no
 *   changes, although a project without a `.git` folder cannot tell.
 */
export function withOrigin(
  evidence: Evidence,
  content: Buffer,
  checkout: string | undefined,
): Evidence {
  const origin = originOf(content);
  if (!origin) return evidence;
  const isCheckout = checkout !== undefined && origin.commit === checkout;
  return {
    ...evidence,
    origin: {
      ...origin,
      dirty: origin.dirty ?? (isCheckout ? false : null),
    },
  };
}

function originOf(content: Buffer): EvidenceOrigin | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    // JUnit and Markdown say nothing of their origin.
    return undefined;
  }
  const parsed = about.safeParse(value);
  if (!parsed.success) return undefined;
  const { subject, source } = parsed.data;
  return {
    commit: source.commit,
    dirty: source.dirty,
    artifactDigest: subject?.artifactDigest ?? null,
  };
}
