import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestValidator } from '@backstage/plugin-events-node';

/**
 * Lets in what carries one of the secrets as `Authorization: Bearer …`. The header goes no further:
 * the events service logs the headers of a request.
 */
export function bearerValidator(secrets: string[]): RequestValidator {
  const digests = secrets.map(digestOf);
  return async ({ headers }, context) => {
    const said = headers.authorization;
    delete headers.authorization;
    const [, token] = /^Bearer ([^\s]+)$/i.exec(String(said ?? '')) ?? [];
    const given = digestOf(token ?? '');
    const isKnown = digests
      .map(digest => timingSafeEqual(digest, given))
      .includes(true);
    if (token === undefined || !isKnown) {
      context.reject({
        status: 403,
        payload: { message: 'The secret is missing or is not the right one.' },
      });
    }
  };
}

/** Of one length, as the comparison needs it. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
