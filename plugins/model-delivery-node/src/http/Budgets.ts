import type { Budget } from '../providers/common';
import { ProviderError } from '../ProviderError';
import { isForPeople } from './withUserFacingErrors';

/** Of the limit, kept for what people ask for: looking around stops here. */
export const RESERVE = 0.1;
const PERIOD_MS = { hour: 3_600_000, minute: 60_000 };

/** As the headers of an answer tell it. */
export interface RateLimit {
  limit: number;
  remaining: number;
  resetsAtMs: number;
}

/** What is left of each credential's allowance of an hour or a minute. */
export class Budgets {
  readonly #title: string;
  readonly #now: () => number;
  readonly #period: keyof typeof PERIOD_MS;
  readonly #known = new Map<string, RateLimit>();
  readonly #blockedUntilMs = new Map<string, number>();

  constructor(
    title: string,
    now: () => number,
    period: keyof typeof PERIOD_MS,
  ) {
    this.#title = title;
    this.#now = now;
    this.#period = period;
  }

  /** @throws ProviderError `rate-limited` instead of spending the reserve. */
  spend(credential: string): void {
    const now = this.#now();
    const blocked = this.#blockedUntilMs.get(credential) ?? 0;
    if (blocked > now) {
      throw this.#limited('limits requests', blocked - now);
    }
    const known = this.#known.get(credential);
    if (!known || known.resetsAtMs <= now) return;
    const people = isForPeople();
    const reserve = people ? 0 : known.limit * RESERVE;
    if (known.remaining > reserve) {
      // Counted at once, since many requests are under way before the first answer; each answer
      // corrects it.
      known.remaining -= 1;
      return;
    }
    throw this.#limited(
      people
        ? `has none of ${known.limit} requests left this ${this.#period}`
        : `has ${known.remaining} of ${known.limit} requests left this ${this.#period}, which are kept for people`,
      known.resetsAtMs - now,
    );
  }

  /** Takes what an answer says; NaN stands for what it does not say. */
  learn(credential: string, told: RateLimit): void {
    const { limit, remaining, resetsAtMs } = told;
    if (!(limit > 0 && remaining >= 0 && resetsAtMs > 0)) return;
    this.#known.set(credential, {
      limit,
      remaining,
      // A clock that differs from ours does not stop us for longer than that.
      resetsAtMs: Math.min(resetsAtMs, this.#now() + PERIOD_MS[this.#period]),
    });
  }

  /** Nothing is asked with this credential for so long: the system said that it is too much. */
  block(credential: string, seconds: number): void {
    this.#blockedUntilMs.set(credential, this.#now() + seconds * 1000);
  }

  /** The scarcest; null while none is known. */
  get scarcest(): Budget | null {
    const now = this.#now();
    const known = [...this.#known.values()].filter(k => k.resetsAtMs > now);
    known.sort((a, b) => a.remaining / a.limit - b.remaining / b.limit);
    const [first] = known;
    return first
      ? {
          limit: first.limit,
          remaining: first.remaining,
          resetsAt: new Date(first.resetsAtMs).toISOString(),
        }
      : null;
  }

  #limited(why: string, ms: number): ProviderError {
    const retryAfter = Math.max(1, Math.ceil(ms / 1000));
    return new ProviderError(
      'rate-limited',
      `${this.#title} ${why}; asking again in ${retryAfter} s.`,
      { retryAfter },
    );
  }
}
