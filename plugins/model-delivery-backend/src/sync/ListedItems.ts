import type { Stores } from '../database/stores';
import type { UnreadItem } from '../database/UnreadStore';
import { PartialRead, missingOf } from './PartialRead';

/** In one go; those left over are the first of the next. */
const AT_MOST = 10;

/**
 * Items of a list that is read from the top until nothing is new. What could not be loaded is kept in
 * mind, since the list is not read that far down again: it is asked for by its name until it holds
 * or is gone, and the source says so as long.
 */
export class ListedItems extends PartialRead {
  readonly #stores: Stores;
  readonly #entityRef: string;
  readonly #source: string;
  readonly #now: () => Date;
  readonly #asked = new Set<string>();
  readonly #before: Map<string, string>;

  private constructor(
    stores: Stores,
    entityRef: string,
    source: string,
    now: () => Date,
    before: UnreadItem[],
  ) {
    super();
    this.#stores = stores;
    this.#entityRef = entityRef;
    this.#source = source;
    this.#now = now;
    this.#before = new Map(before.map(({ item, problem }) => [item, problem]));
  }

  /** @param source - such as `versions:local`. */
  static async of(
    stores: Stores,
    entityRef: string,
    source: string,
    now: () => Date,
  ): Promise<ListedItems> {
    const before = await stores.unread.list(entityRef, source);
    return new ListedItems(stores, entityRef, source, now, before);
  }

  async read<T>(item: string, act: () => Promise<T>): Promise<T | undefined> {
    const stores = this.#stores;
    const entityRef = this.#entityRef;
    const source = this.#source;
    const found = await super.read(item, act);
    this.#asked.add(item);
    const problem = this.problems.get(item);
    if (!problem) {
      await this.forget(item);
    } else {
      const at = this.#now().toISOString();
      await stores.unread.put(entityRef, source, { item, problem }, at);
    }
    return found;
  }

  /** It holds, or is gone. */
  async forget(item: string): Promise<void> {
    if (!this.#before.delete(item)) return;
    await this.#stores.unread.remove(this.#entityRef, this.#source, item);
  }

  /** A few that could not be loaded before and were not on what was read now. */
  get left(): string[] {
    return [...this.#before.keys()]
      .filter(item => !this.#asked.has(item))
      .slice(0, AT_MOST);
  }

  get missing() {
    return missingOf(new Map([...this.problems, ...this.#before]));
  }
}
