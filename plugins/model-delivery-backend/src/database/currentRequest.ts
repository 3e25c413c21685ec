import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The id of the request that is being answered, for the history alone: as with tracing, code between the
 * route and the database does not handle it, and nothing is decided by it.
 */
export const currentRequest = new AsyncLocalStorage<string>();
