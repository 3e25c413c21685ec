import { z } from 'zod';
import { DATE_TIME_SENTENCE } from './describeIssues';

// As in `z.iso.datetime()`, which adds, with `z.coerce`, 1.9 kB to what every host loads at its start.
const DATE =
  /(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8]))/;
const TIME = /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?/;

/** RFC 3339 in UTC. */
export const timestamp = z
  .string()
  .regex(
    new RegExp(`^(?:${DATE.source})T(?:${TIME.source}(?:Z))$`),
    DATE_TIME_SENTENCE,
  )
  .meta({ format: 'date-time' })
  .describe('RFC 3339 date and time in UTC');

/** `sha256:` and 64 hex digits. */
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A name as the catalog has it. */
export const catalogName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/);

export const versionName = z.string().min(1).max(200);
export const environmentName = z
  .string()
  .min(1)
  .max(63)
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, beginning with a letter',
  );

/** A length of time as an entity writes it. */
export const duration = z
  .string()
  .regex(
    /^[1-9][0-9]*(s|m|h|d)$/,
    'must be a number and s, m, h or d, such as 30m',
  );

/** The provider that a part of the spec names, with whatever else it needs there. */
export const providerTarget = z
  .looseObject({
    provider: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'must be a provider ID such as local'),
  })
  .meta({ id: 'ProviderTarget' });
export type ProviderTarget = z.infer<typeof providerTarget>;

/**
 * Text that a person wrote and that pages show: no control characters, no half characters, and nothing
 * that turns the direction of what follows. Tab and line ends are allowed.
 */
export const plainText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(
      // Written with ranges alone, so that every reader of the OpenAPI document understands it.
      // eslint-disable-next-line no-control-regex
      /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\u202a-\u202e\u2066-\u2069]*$/u,
      'has a control character, a direction override or half a character; remove it',
    );

/** Anything JSON can say: params of a model have no common shape. */
export const jsonValue = z.json();
