/** How much of the machine a job wants, and its place in the queue. */
export interface SlotRequest {
  /** All slots at once: nothing else runs meanwhile. */
  alone: boolean;
  /** Greater goes first. */
  priority: number;
  /** Among equals, smaller goes first. */
  order: number;
}

interface Waiting extends SlotRequest {
  sequence: number;
  start: () => void;
}

/**
 * Shares the machine among jobs. The queue is strict: a job that wants all slots is not overtaken
 * by those behind it, so it starts as soon as what runs has ended.
 */
export class Slots {
  private free: number;
  private sequence = 0;
  private waiting: Waiting[] = [];

  constructor(readonly total: number) {
    this.free = total;
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
    const size = request.alone ? this.total : 1;
    await new Promise<void>((resolve, reject) => {
      const sequence = this.sequence++;
      const onAbort = () => {
        this.waiting = this.waiting.filter(
          other => other.sequence !== sequence,
        );
        reject(signal.reason);
        this.startNext();
      };
      const entry: Waiting = {
        ...request,
        sequence,
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(entry);
      this.waiting.sort(
        (a, b) =>
          b.priority - a.priority ||
          a.order - b.order ||
          a.sequence - b.sequence,
      );
      this.startNext();
    });
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.free += size;
      this.startNext();
    };
  }

  private startNext(): void {
    for (;;) {
      const next = this.waiting[0];
      if (!next) return;
      const size = next.alone ? this.total : 1;
      if (size > this.free) return;
      this.waiting.shift();
      this.free -= size;
      next.start();
    }
  }
}
