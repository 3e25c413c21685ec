import {
  ProviderError,
  type Budget,
} from '@slipway/plugin-model-delivery-node';
import { isForPeople } from './withUserFacingErrors';

/** Of the limit, kept for what people ask for: looking around stops here. */
export const RESERVE = 0.1;
const HOUR_MS = 3_600_000;

interface Known {
  limit: number;
  remaining: number;
  resetsAtMs: number;
}

/** What is left of each credential's hourly allowance, as the headers of answers tell it. */
export class Budgets {
  readonly #title: string;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #blockedUntilMs = new Map<string, number>();

  constructor(title: string, now: () => number) {
    this.#title = title;
    this.#now = now;
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
        ? `has none of ${known.limit} requests left this hour`
        : `has ${known.remaining} of ${known.limit} requests left this hour, which are kept for people`,
      known.resetsAtMs - now,
    );
  }

  /** Takes what an answer says. Search and the like have limits of their own. */
  learn(credential: string, headers: Headers): void {
    if ((headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return;
    const limit = Number(headers.get('x-ratelimit-limit') ?? NaN);
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? NaN);
    const reset = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000;
    if (!(limit > 0 && remaining >= 0 && reset > 0)) return;
    this.#known.set(credential, {
      limit,
      remaining,
      // A clock that differs from ours does not stop us for longer than an hour.
      resetsAtMs: Math.min(reset, this.#now() + HOUR_MS),
    });
  }

  /** Nothing is asked with this credential for so long: GitHub said that it is too much. */
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
