interface Due {
  at: number;
  order: number;
  act: () => unknown;
}

/** A simulated clock, in milliseconds: things happen in the order of their times, at once. */
export class Timeline {
  /** A binary heap, the earliest first. */
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(public now: number) {}

  /** @returns how to call it off. */
  at(time: number, act: () => unknown): () => void {
    const due = { at: Math.max(time, this.now), order: this.#order++, act };
    this.#heap.push(due);
    this.#rise(this.#heap.length - 1);
    return () => {
      due.act = () => undefined;
    };
  }

  async until(end: number): Promise<void> {
    while (this.#heap.length > 0 && this.#heap[0].at <= end) {
      const due = this.#take();
      this.now = due.at;
      await due.act();
    }
    this.now = end;
  }

  #take(): Due {
    const first = this.#heap[0];
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    for (let child = from; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfEarlier(child, parent)) return;
      child = parent;
    }
  }

  #sink(from: number): void {
    for (let parent = from; ;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const child = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(child, parent)) return;
      parent = child;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return (
      one.at < other.at || (one.at === other.at && one.order < other.order)
    );
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    if (!this.#isEarlier(child, parent)) return false;
    const heap = this.#heap;
    [heap[child], heap[parent]] = [heap[parent], heap[child]];
    return true;
  }
}
