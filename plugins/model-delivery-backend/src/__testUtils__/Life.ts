/** The life of one process: it ends at a call to the database or to the outside system. */
export class Life {
  calls = 0;
  isOver = false;

  readonly #end: { call: number; arrives: boolean } | undefined;

  /** @param end - the call at which it ends, and whether that call still arrives. */
  constructor(end?: { call: number; arrives: boolean }) {
    this.#end = end;
  }

  /** The same object, whose calls count and fail from the end on. */
  of<T extends object>(object: T): T {
    return new Proxy(object, {
      get: (target, key) => {
        const value = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.#call(() => value.apply(target, args));
      },
    });
  }

  #call(act: () => unknown): unknown {
    if (this.isOver) throw new Error('killed');
    this.calls += 1;
    if (this.calls !== this.#end?.call) return act();
    this.isOver = true;
    const died = () => {
      throw new Error('killed');
    };
    if (!this.#end.arrives) return died();
    const answer = act();
    return answer instanceof Promise ? answer.then(died) : died();
  }
}
