import { isDeepStrictEqual } from 'node:util';
import {
  type ModelTarget,
  ProviderError,
  type ProviderContext,
  type VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { HistoryReading, StoredVersion } from '../database/VersionStore';
import { pageOf, versionNameOf, versionOf } from './answers';
import type { ListedItems } from './ListedItems';

const PAGE = 100;
/** In one go: the next begins where this one stopped, after other models had their turn. */
const MAX_PAGES = 20;
/** Of what changes far down nobody tells. */
const READ_ALL_MS = 86_400_000;

/**
 * One go at the versions of one model: newest first, until a page holds nothing new. Where an
 * earlier go stopped before that, it goes on there, and to the end: what lies between is not known.
 * Once a day all are read.
 */
export class VersionReading {
  readonly #stores: Stores;
  readonly #provider: VersionProvider;
  readonly #model: ModelTarget;
  readonly #items: ListedItems;
  readonly #context: ProviderContext;
  readonly #now: Date;
  /** Whether anything was new. */
  changed = false;
  readonly #target: string;
  readonly #seen = new Set<string>();
  readonly #aliases = new Set<string>();
  #pages = 0;

  constructor(
    stores: Stores,
    provider: VersionProvider,
    model: ModelTarget,
    items: ListedItems,
    context: ProviderContext,
    now: Date,
  ) {
    this.#stores = stores;
    this.#provider = provider;
    this.#model = model;
    this.#items = items;
    this.#context = context;
    this.#now = now;
    this.#target = JSON.stringify(model.target);
  }

  /** @returns whether the history is known as far as there is any. */
  async readHistory(): Promise<boolean> {
    const before = await this.#stores.versions.reading(
      this.#model.entityRef,
      this.#target,
    );
    const left = this.#leftOf(before);
    const ended = await this.#read(undefined, left?.cursor === null);
    if (ended === 'stopped') return false;
    if (ended === 'known' && before) {
      await this.#remember(before);
      if (!left) return true;
      if ((await this.#goOn(left.cursor!)) === 'stopped') return false;
    }
    await this.#remember({
      cursor: null,
      finishedAt: this.#now.toISOString(),
    });
    return true;
  }

  /** Where to go on, if the history is not known to its end or was not looked through for long. */
  #leftOf(before: HistoryReading | undefined) {
    if (!before?.finishedAt) return before;
    const age = this.#now.getTime() - Date.parse(before.finishedAt);
    return age < READ_ALL_MS ? undefined : { cursor: null };
  }

  /**
   * Reads those again that lie further down and may have lost an alias that a newer one has now,
   * or that are live, so that marks written to them are seen; and those that could not be loaded.
   */
  async readAliased(): Promise<void> {
    const { entityRef } = this.#model;
    const live = await this.#stores.live.current(entityRef);
    const holders = await this.#stores.versions.withAlias(entityRef, [
      ...this.#aliases,
    ]);
    const names = [...live.values()].map(i => i.version).concat(holders);
    for (const version of new Set([...names, ...this.#items.left])) {
      if (!this.#seen.has(version)) await this.#readOne(version);
    }
  }

  async #goOn(cursor: string) {
    try {
      return await this.#read(cursor, true);
    } catch (error) {
      // A cursor that is not taken any more: the next go reads everything from the top.
      if (isOfKind(error, 'bad-data')) await this.#stopAt(null);
      throw error;
    }
  }

  async #read(
    from: string | undefined,
    toTheEnd: boolean,
  ): Promise<'end' | 'known' | 'stopped'> {
    let cursor = from;
    while (this.#pages < MAX_PAGES) {
      const page = pageOf(
        this.#provider,
        'versions',
        await this.#provider.listVersions(
          this.#model,
          { cursor, limit: PAGE },
          this.#context,
        ),
      );
      this.#pages += 1;
      const news = await this.#keep(
        page.items.map(item => ({
          version: versionNameOf(this.#provider, item),
          item,
        })),
      );
      this.#items.failWhereNothingHeld();
      cursor = page.nextCursor;
      if (!cursor) return 'end';
      if (!news && !toTheEnd) return 'known';
      await this.#stopAt(cursor);
    }
    return 'stopped';
  }

  async #readOne(version: string): Promise<void> {
    try {
      const item = await this.#provider.getVersion(
        this.#model,
        version,
        this.#context,
      );
      await this.#keep([{ version, item }]);
    } catch (error) {
      // What the registry no longer has stays as it was known.
      if (!isOfKind(error, 'not-found')) throw error;
      await this.#items.forget(version);
    }
  }

  /** @returns whether any was new. */
  async #keep(listed: { version: string; item: unknown }[]): Promise<boolean> {
    const { versions } = this.#stores;
    const { entityRef } = this.#model;
    const known = await versions.find(
      entityRef,
      listed.map(({ version }) => version),
    );
    const news: StoredVersion[] = [];
    for (const { version, item } of listed) {
      this.#seen.add(version);
      const read = await this.#items.read(version, async () =>
        versionOf(this.#provider, version, item),
      );
      if (read && !isDeepStrictEqual(known.get(version), read)) news.push(read);
    }
    for (const alias of news.flatMap(item => item.aliases)) {
      this.#aliases.add(alias);
    }
    await versions.upsert(entityRef, ...news);
    this.changed ||= news.length > 0;
    return news.length > 0;
  }

  #stopAt(cursor: string | null): Promise<void> {
    return this.#remember({ cursor, finishedAt: null });
  }

  #remember(reading: HistoryReading): Promise<void> {
    return this.#stores.versions.setReading(
      this.#model.entityRef,
      this.#target,
      reading,
    );
  }
}

function isOfKind(error: unknown, kind: ProviderError['kind']): boolean {
  return error instanceof ProviderError && error.kind === kind;
}
