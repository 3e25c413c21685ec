import type { ProviderChange } from '../extensions';
import { LRUCache } from 'lru-cache';

const REMEMBERED = 50_000;

export interface Hint {
  subject: string;
  what: 'runs' | 'deployments';
  /** Something began, ended or waits for a person: not held back. */
  urgent: boolean;
}

interface Options {
  provider: string;
  report: (change: ProviderChange) => void;
  spacingSeconds: () => number;
  now: () => number;
  /** @returns how to call it off. */
  later: (ms: number, act: () => void) => () => void;
}

/**
 * Passes webhooks on as hints, a few at a time: a run of twenty jobs sends some sixty of them, and
 * every one that is passed on costs requests. The first goes at once; those that follow it too
 * closely become one, at the end of the spacing, so the last is never lost.
 */
export class Hints {
  readonly #options: Options;
  readonly #lastMs = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #held = new Map<string, { cancel: () => void }>();

  constructor(options: Options) {
    this.#options = options;
  }

  take(hint: Hint): void {
    const key = `${hint.what} ${hint.subject}`;
    const last = this.#lastMs.get(key) ?? -Infinity;
    const dueMs = last + this.#options.spacingSeconds() * 1000;
    const now = this.#options.now();
    if (hint.urgent || now >= dueMs) {
      this.#held.get(key)?.cancel();
      this.#held.delete(key);
      this.#report(key, hint);
    } else if (!this.#held.has(key)) {
      const cancel = this.#options.later(dueMs - now, () => {
        this.#held.delete(key);
        this.#report(key, hint);
      });
      this.#held.set(key, { cancel });
    }
  }

  stop(): void {
    for (const { cancel } of this.#held.values()) cancel();
    this.#held.clear();
  }

  #report(key: string, { subject, what }: Hint): void {
    this.#lastMs.set(key, this.#options.now());
    this.#options.report({
      provider: this.#options.provider,
      model: null,
      subject,
      what,
    });
  }
}
