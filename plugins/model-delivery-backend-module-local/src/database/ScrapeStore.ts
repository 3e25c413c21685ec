import type { Knex } from 'knex';
import type { Counters } from '../monitoring/counters';

export interface Scrape {
  /** Milliseconds since 1970. */
  at: number;
  ok: boolean;
  error: string | null;
  version: string | null;
  /** One life of one server: counters begin at zero with it. */
  instance: string | null;
  counters: Counters | null;
}

/** A scrape without its counters, to find those worth reading. */
export interface ScrapeMark {
  seq: number;
  at: number;
  instance: string;
  predictions: number;
}

interface ScrapeRow {
  seq: number;
  environment_key: string;
  at: string | number;
  ok: boolean | number;
  error: string | null;
  version: string | null;
  instance: string | null;
  predictions: string | number | null;
  counters: string | null;
}

/** What was scraped from live servers, thinned with age. */
export class ScrapeStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async add(key: string, scrape: Scrape): Promise<void> {
    await this.#knex('local_scrape').insert({
      environment_key: key,
      at: scrape.at,
      ok: scrape.ok,
      error: scrape.error,
      version: scrape.version,
      instance: scrape.instance,
      predictions: scrape.counters?.predictions ?? null,
      counters: scrape.counters && JSON.stringify(scrape.counters),
    });
  }

  /** Oldest first. */
  async since(key: string, from: number): Promise<Scrape[]> {
    const rows = await this.#knex<ScrapeRow>('local_scrape')
      .where({ environment_key: key })
      .where('at', '>=', from)
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'seq', order: 'desc' },
      ])
      .limit(2_000);
    return rows.map(toScrape).reverse();
  }

  /** Whether a life of a server was scraped before a time. */
  async existsBefore(
    key: string,
    instance: string | null,
    at: number,
  ): Promise<boolean> {
    const row = await this.#knex<ScrapeRow>('local_scrape')
      .where({ environment_key: key, instance })
      .where('at', '<', at)
      .whereNotNull('counters')
      .first('seq');
    return row !== undefined;
  }

  /** Successful scrapes of a version, newest first. */
  async marks(key: string, version: string): Promise<ScrapeMark[]> {
    const rows = await this.#knex<ScrapeRow>('local_scrape')
      .where({ environment_key: key, version })
      .whereNotNull('counters')
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'seq', order: 'desc' },
      ])
      .limit(20_000)
      .select('seq', 'at', 'instance', 'predictions');
    return rows.map(row => ({
      seq: row.seq,
      at: Number(row.at),
      instance: row.instance ?? '',
      predictions: Number(row.predictions ?? 0),
    }));
  }

  async counters(sequences: number[]): Promise<Map<number, Counters>> {
    const rows = await this.#knex<ScrapeRow>('local_scrape').whereIn(
      'seq',
      sequences,
    );
    return new Map(
      rows.map(row => [row.seq, JSON.parse(row.counters ?? '{}') as Counters]),
    );
  }

  /**
   * Deletes what is too old, and of what is older than an hour all but one a minute of each
   * server's life. Counters add up, so only resolution is lost.
   */
  async thin(now: number, retentionMs: number): Promise<void> {
    await this.#knex('local_scrape')
      .where('at', '<', now - retentionMs)
      .delete();
    const hourAgo = now - 3_600_000;
    const rows = await this.#knex<ScrapeRow>('local_scrape')
      .where('at', '<', hourAgo)
      .where('at', '>=', hourAgo - 2 * 3_600_000)
      .orderBy(['environment_key', 'at'])
      .limit(20_000)
      .select('seq', 'environment_key', 'at', 'instance', 'ok');
    const superfluous = rows
      .filter((row, index) => {
        const next = rows[index + 1];
        return (
          next !== undefined &&
          next.environment_key === row.environment_key &&
          next.instance === row.instance &&
          Boolean(next.ok) === Boolean(row.ok) &&
          Math.floor(Number(next.at) / 60_000) ===
            Math.floor(Number(row.at) / 60_000)
        );
      })
      .map(row => row.seq);
    for (let i = 0; i < superfluous.length; i += 500) {
      await this.#knex('local_scrape')
        .whereIn('seq', superfluous.slice(i, i + 500))
        .delete();
    }
  }
}

function toScrape(row: ScrapeRow): Scrape {
  return {
    at: Number(row.at),
    ok: Boolean(row.ok),
    error: row.error,
    version: row.version,
    instance: row.instance,
    counters: row.counters ? (JSON.parse(row.counters) as Counters) : null,
  };
}
