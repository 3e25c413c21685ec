import { LRUCache } from 'lru-cache';

const MAX_ENTRIES = 50_000;
/** Bytes of the answers kept, and of the names they are kept under. */
const MAX_BYTES = 96 * 1024 * 1024;

interface Entry {
  etag: string;
  /** JSON of the fields that are used: what a system sends can be thirty times as much. */
  json: string;
}

/**
 * Answers with their ETags, the least recently used dropped first. Asked again with its ETag, an
 * answer that did not change is not sent again.
 */
export class ConditionalCache {
  readonly #entries = new LRUCache<string, Entry>({
    max: MAX_ENTRIES,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ etag, json }, key) =>
      key.length + etag.length + json.length,
  });

  etag(key: string): string | undefined {
    return this.#entries.get(key)?.etag;
  }

  value(key: string): unknown {
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : JSON.parse(entry.json);
  }

  put(key: string, etag: string, value: unknown): void {
    this.#entries.set(key, { etag, json: JSON.stringify(value) });
  }
}
