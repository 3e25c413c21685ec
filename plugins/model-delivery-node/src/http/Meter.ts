const BUCKET_MS = 60_000;
const BUCKETS = 60;

interface Counts {
  /** Looks at a repository. */
  looks: number;
  /** Requests of any kind. */
  asked: number;
  /** Of these, those that count against the limit. */
  counted: number;
}

/** Counts what was done in the last hour, by the minute. */
export class Meter {
  readonly #now: () => number;
  readonly #buckets = new Map<number, Counts>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(what: Partial<Counts>): void {
    const minute = Math.floor(this.#now() / BUCKET_MS);
    const bucket = this.#buckets.get(minute) ?? {
      looks: 0,
      asked: 0,
      counted: 0,
    };
    this.#buckets.set(minute, {
      looks: bucket.looks + (what.looks ?? 0),
      asked: bucket.asked + (what.asked ?? 0),
      counted: bucket.counted + (what.counted ?? 0),
    });
    if (this.#buckets.size > BUCKETS) {
      for (const old of this.#buckets.keys()) {
        if (old <= minute - BUCKETS) this.#buckets.delete(old);
      }
    }
  }

  /** What was done in the last minutes, at most 60. */
  last(minutes: number): Counts {
    const since = Math.floor(this.#now() / BUCKET_MS) - minutes;
    const sum = { looks: 0, asked: 0, counted: 0 };
    for (const [minute, counts] of this.#buckets) {
      if (minute <= since) continue;
      sum.looks += counts.looks;
      sum.asked += counts.asked;
      sum.counted += counts.counted;
    }
    return sum;
  }
}
