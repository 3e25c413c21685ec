import { InputError, NotAllowedError } from '@backstage/errors';
import type { Config } from '@backstage/config';

/** The request header that names the person; the app's sign-in page sends it. */
export const PERSON_HEADER = 'x-slipway-demo-person';

/**
 * Reads who may be signed in as without a password.
 *
 * @param config - `auth.providers.demo`.
 * @returns names of users of the namespace `default`.
 * @throws InputError under `NODE_ENV=production`.
 */
export function readPeople(
  config: Config,
  nodeEnv = process.env.NODE_ENV,
): string[] {
  if (nodeEnv === 'production') {
    throw new InputError(
      'auth.providers.demo is configured under NODE_ENV=production: it signs anybody in as anybody, without a password. Remove it and configure a real sign-in provider.',
    );
  }
  return config.getStringArray('people');
}

/**
 * The person that a request names.
 *
 * @throws NotAllowedError for one that the configuration does not list.
 */
export function personOf(
  header: string | string[] | undefined,
  people: string[],
): string {
  const person = String(header ?? '');
  if (!people.includes(person)) {
    throw new NotAllowedError(
      `${JSON.stringify(person)} is not a person of the demo; auth.providers.demo.people has ${people.join(', ')}`,
    );
  }
  return person;
}
