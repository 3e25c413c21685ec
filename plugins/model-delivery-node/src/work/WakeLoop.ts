/**
 * Repeats rounds of work: one at a time, again after the pause that a round asks for, and at once when
 * it is woken. A wake during a round begins another one after it.
 */
export class WakeLoop {
  /**
   * One round; returns in how many milliseconds to begin the next one by itself, undefined where only a
   * wake begins it. Must not reject.
   */
  readonly #round: () => Promise<number | undefined>;
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #working: Promise<void> | undefined;
  #isWoken = false;

  constructor(round: () => Promise<number | undefined>) {
    this.#round = round;
  }

  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  /** Begins no further round, and resolves when the one that runs has ended. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** Resolves when the round that runs has ended. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Begins a round now, once started. Never throws. */
  wake(): void {
    if (!this.#isStarted) return;
    if (this.#working) {
      this.#isWoken = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#working = this.#roundAndPlan().finally(() => {
      this.#working = undefined;
      if (this.#isWoken) {
        this.#isWoken = false;
        this.wake();
      }
    });
  }

  async #roundAndPlan(): Promise<void> {
    const pauseMs = await this.#round();
    if (this.#isStarted && pauseMs !== undefined) {
      this.#timer = setTimeout(() => this.wake(), pauseMs);
    }
  }
}
