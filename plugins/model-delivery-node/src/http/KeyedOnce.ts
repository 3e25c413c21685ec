import { LRUCache } from 'lru-cache';

const REMEMBERED = 2_000;

/**
 * Does what belongs to a key once: the second who asks gets the first one's result, also while it
 * is under way. What failed may be tried again.
 */
export class KeyedOnce<T> {
  readonly #results = new LRUCache<string, { result: Promise<T> }>({
    max: REMEMBERED,
  });

  async do(key: string, act: () => Promise<T>): Promise<T> {
    const known = this.#results.get(key);
    if (known) return known.result;
    const entry = { result: act() };
    this.#results.set(key, entry);
    try {
      return await entry.result;
    } catch (error) {
      if (this.#results.get(key) === entry) this.#results.delete(key);
      throw error;
    }
  }
}
