/** How much of the machine a job wants, and its place in the queue. */
export interface SlotRequest {
  /** All slots at once: nothing else runs meanwhile. */
  alone: boolean;
  /** Ends within seconds, whatever the size of the data. */
  short: boolean;
  /** Greater goes first. */
  priority: number;
  /** Among equals, smaller goes first. */
  order: number;
  /** The run that it is a job of. */
  run: string;
  /** Called when its place in the queue may have changed. */
  onMoved: () => void;
}

interface Waiting extends SlotRequest {
  sequence: number;
  start: () => void;
}

/**
 * Shares the machine among jobs. A job that wants all slots waits for what runs to end. While a long job
 * delays it, short jobs of the same priority pass it, so that free slots are used; no job passes it
 * otherwise. Its wait grows by one short job at most.
 */
export class Slots {
  #free: number;
  #sequence = 0;
  #waiting: Waiting[] = [];
  readonly #running = new Set<Waiting>();

  constructor(readonly total: number) {
    this.#free = total;
  }

  /**
   * Waits for a slot.
   *
   * @returns what gives it back.
   * @throws the signal's reason when it aborts first.
   */
  async acquire(
    request: SlotRequest,
    signal: AbortSignal,
  ): Promise<() => void> {
    signal.throwIfAborted();
    let entry!: Waiting;
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter(other => other !== entry);
        reject(signal.reason);
        this.#startNext();
      };
      entry = {
        ...request,
        sequence: this.#sequence++,
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
      this.#waiting.sort(
        (a, b) =>
          b.priority - a.priority ||
          a.order - b.order ||
          a.sequence - b.sequence,
      );
      this.#startNext();
    });
    return () => {
      if (!this.#running.delete(entry)) return;
      this.#free += this.#sizeOf(entry);
      this.#startNext();
    };
  }

  /**
   * How many jobs of other runs are ahead of the first job of a run that waits. Undefined where a job of
   * the run has a slot, or none waits.
   */
  jobsAhead(run: string): number | undefined {
    if ([...this.#running].some(entry => entry.run === run)) return undefined;
    const place = this.#waiting.findIndex(entry => entry.run === run);
    return place < 0 ? undefined : place;
  }

  #sizeOf({ alone }: SlotRequest): number {
    return alone ? this.total : 1;
  }

  #startNext(): void {
    let moved = false;
    for (let next = this.#next(); next; next = this.#next()) {
      const started = next;
      this.#waiting = this.#waiting.filter(other => other !== started);
      this.#running.add(started);
      this.#free -= this.#sizeOf(started);
      started.start();
      moved = true;
    }
    if (!moved) return;
    const runs = new Map(this.#waiting.map(entry => [entry.run, entry]));
    for (const { onMoved } of runs.values()) onMoved();
  }

  #next(): Waiting | undefined {
    const [first] = this.#waiting;
    if (!first || this.#free < 1) return undefined;
    if (this.#sizeOf(first) <= this.#free) return first;
    const isDelayed = [...this.#running].some(({ short }) => !short);
    return isDelayed
      ? this.#waiting.find(
          ({ alone, short, priority }) =>
            short && !alone && priority === first.priority,
        )
      : undefined;
  }
}
