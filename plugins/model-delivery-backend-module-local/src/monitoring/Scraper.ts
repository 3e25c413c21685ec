import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ScrapeStore } from '../database/ScrapeStore';
import type { Environment } from '../serving/Environment';
import type { Environments } from '../serving/Environments';
import { countersOf } from './counters';
import { parsePrometheusText } from './prometheusText';

const TIMEOUT_MS = 2_000;
const METRICS_LIMIT = 4 * 1024 * 1024;
const THIN_MS = 10 * 60_000;

interface Parts {
  environments: Environments;
  scrapes: ScrapeStore;
  logger: LoggerService;
  intervalMs: number;
  retentionMs: number;
  onChange: (key: string) => void;
}

/** Scrapes every live server's metrics steadily, and keeps what is watched. */
export class Scraper {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #scraping: Promise<void> | undefined;
  #thinnedAt = 0;
  readonly #wasUp = new Map<string, boolean>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), this.#parts.intervalMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#scraping;
  }

  #tick(): void {
    // A slow round is not overtaken by the next.
    this.#scraping ??= this.scrapeAll()
      .catch(error =>
        this.#parts.logger.warn(`Cannot store scraped metrics: ${error}`),
      )
      .finally(() => {
        this.#scraping = undefined;
      });
  }

  /** One round over all environments. */
  async scrapeAll(): Promise<void> {
    const live = this.#parts.environments
      .list()
      .filter(environment => environment.version !== undefined);
    await Promise.all(live.map(environment => this.#scrape(environment)));
    if (Date.now() - this.#thinnedAt > THIN_MS) {
      this.#thinnedAt = Date.now();
      await this.#parts.scrapes.thin(Date.now(), this.#parts.retentionMs);
    }
  }

  async #scrape(environment: Environment): Promise<void> {
    const { key } = environment;
    const serving = environment.current;
    const base = {
      at: Date.now(),
      version: environment.version ?? null,
      instance: serving?.server.instance ?? null,
    };
    let error: string | null = null;
    let counters = null;
    if (serving) {
      try {
        counters = countersOf(
          parsePrometheusText(await readMetrics(serving.server.url)),
        );
        await serving.server.trimLog();
      } catch (problem) {
        error = (problem as Error).message.slice(0, 500);
      }
    } else {
      error = environment.status().message ?? 'The server is not up.';
    }
    const up = counters !== null;
    await this.#parts.scrapes.add(key, { ...base, ok: up, error, counters });
    if (this.#wasUp.get(key) !== up) this.#parts.onChange(key);
    this.#wasUp.set(key, up);
  }
}

async function readMetrics(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`/metrics answered ${response.status}.`);
  const text = await response.text();
  if (text.length > METRICS_LIMIT) {
    throw new Error(`/metrics has more than ${METRICS_LIMIT} characters.`);
  }
  return text;
}
