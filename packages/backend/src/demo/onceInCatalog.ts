import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError } from '@backstage/errors';

const TRIES = 40;
const PAUSE_MS = 500;

/**
 * Repeats a sign-in while its user is not in the catalog: the example catalog is read in the first
 * seconds after the start, and a browser may be faster.
 *
 * @throws NotFoundError where the user never appears.
 */
export async function onceInCatalog<T>(
  signIn: () => Promise<T>,
  pauseMs = PAUSE_MS,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await signIn();
    } catch (error) {
      if (!(error instanceof NotFoundError) || tries === TRIES) throw error;
      await delay(pauseMs);
    }
  }
}
