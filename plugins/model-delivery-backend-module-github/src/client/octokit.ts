import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';

const ThrottledOctokit = Octokit.plugin(throttling, retry);

/** Requests that are repeated once after a fault. Callers have a pace of their own. */
const RETRIES = 1;
const RETRY_MS = 500;
const NO_RETRY = [304, 400, 401, 403, 404, 409, 410, 415, 422, 429, 451];

const quiet = () => undefined;

/**
 * An Octokit that queues as GitHub asks clients to: ten requests at a time, and a second between
 * two that write. It never waits for a rate limit to end, since the caller handles it.
 *
 * @param id - whose queue it is: one for each credential.
 */
export function createOctokit(apiBaseUrl: string, id: string): Octokit {
  return new ThrottledOctokit({
    baseUrl: apiBaseUrl,
    userAgent: 'slipway-model-delivery',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    throttle: {
      id: `slipway/${id}`,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
    retry: {
      retries: RETRIES,
      retryAfterBaseValue: RETRY_MS,
      doNotRetry: NO_RETRY,
    },
  });
}
