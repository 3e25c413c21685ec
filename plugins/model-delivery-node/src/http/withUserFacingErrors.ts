import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<true>();

/**
 * Marks everything that is asked meanwhile as asked for a person, who gets the reserve of the
 * budget: also what has to be read before something can be done.
 */
export async function withUserFacingErrors<T>(
  act: () => Promise<T>,
): Promise<T> {
  return storage.run(true, act);
}

export function isForPeople(): boolean {
  return storage.getStore() === true;
}
