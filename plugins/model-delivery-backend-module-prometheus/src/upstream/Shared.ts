interface Flight<T> {
  answer: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/**
 * One answer for everybody who asks within a while, and one request for everybody who asks while
 * it is under way. The request ends when nobody waits for it any more.
 */
export class Shared<T> {
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  readonly #options: {
    keepMs: (value: T) => number;
    now: () => number;
  };
  #kept: { value: T; until: number } | undefined;
  #flight: Flight<T> | undefined;

  constructor(
    ask: (signal: AbortSignal) => Promise<T>,
    options: {
      keepMs: (value: T) => number;
      now: () => number;
    },
  ) {
    this.#ask = ask;
    this.#options = options;
  }

  async get(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#kept && this.#options.now() < this.#kept.until) {
      return this.#kept.value;
    }
    this.#flight ??= this.#begin();
    return await this.#join(this.#flight, signal);
  }

  /** Forgets the answer, and that of a request under way: it may be from before. */
  drop(): void {
    this.#kept = undefined;
    this.#flight = undefined;
  }

  #begin(): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = {
      controller,
      waiting: 0,
      answer: this.#ask(controller.signal),
    };
    const end = (value?: { value: T }) => {
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      this.#kept = value && {
        ...value,
        until: this.#options.now() + this.#options.keepMs(value.value),
      };
    };
    flight.answer.then(
      value => end({ value }),
      () => end(),
    );
    return flight;
  }

  async #join(flight: Flight<T>, signal: AbortSignal): Promise<T> {
    flight.waiting += 1;
    let stop: () => void = () => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([flight.answer, aborted]);
    } finally {
      signal.removeEventListener('abort', stop);
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        flight.controller.abort();
        if (this.#flight === flight) this.#flight = undefined;
      }
    }
  }
}
