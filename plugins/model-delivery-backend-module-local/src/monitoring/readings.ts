import type { Reading } from '@slipway/plugin-model-delivery-common';
import type { ProviderReading } from '@slipway/plugin-model-delivery-node';
import type { Scrape } from '../database/ScrapeStore';
import {
  type Counted,
  type Counters,
  emptyCounters,
  increase,
  sum,
} from './counters';
import { quantile } from './quantile';

export const WINDOW_SECONDS = 300;

export type Values = Omit<ProviderReading, 'at' | 'version'>;

export function unknown(reason: string): Values {
  return { value: null, insufficient: true, reason, parts: [] };
}

function known(value: number, parts: Reading['parts'] = []): Values {
  return { value, insufficient: false, reason: null, parts };
}

const NO_REQUESTS = `No requests in the last ${WINDOW_SECONDS / 60} minutes.`;

/** Share of scrapes that were answered. */
export function availability(scrapes: Scrape[]): Values {
  if (scrapes.length === 0) return unknown('Nothing has been scraped yet.');
  const up = scrapes.filter(({ ok }) => ok).length;
  const reading = known(up / scrapes.length);
  const last = scrapes.findLast(({ ok }) => !ok);
  return last
    ? {
        ...reading,
        reason: `${up} of ${scrapes.length} scrapes were answered; the last failure: ${last.error}`,
      }
    : reading;
}

/** The 95th percentile of durations, in seconds. */
export function latency(scrapes: Scrape[], fromStart: boolean): Values {
  const counted = countedIn(scrapes, fromStart);
  if (!counted) return unknown('Nothing has been scraped yet.');
  const value = quantile(counted.durations, 0.95);
  return value === null ? unknown(NO_REQUESTS) : known(value);
}

/** Share of requests that ended in a 5xx. */
export function errors(scrapes: Scrape[], fromStart: boolean): Values {
  const counted = countedIn(scrapes, fromStart);
  if (!counted) return unknown('Nothing has been scraped yet.');
  const total = sum(counted.requests);
  if (total <= 0) return unknown(NO_REQUESTS);
  const failed = Object.entries(counted.requests)
    .filter(([code]) => code.startsWith('5'))
    .reduce((count, [, n]) => count + n, 0);
  return known(failed / total);
}

/**
 * What was predicted: for classes the share of each, and of the most frequent as value; for
 * numbers their mean, and the quartiles as parts.
 */
export function predictions(scrapes: Scrape[], fromStart: boolean): Values {
  const counted = countedIn(scrapes, fromStart);
  if (!counted) return unknown('Nothing has been scraped yet.');
  if (counted.predictions <= 0) return unknown(NO_REQUESTS);
  const part = (name: string, value: number | null) => ({
    name,
    value,
    limit: null,
    drifted: null,
  });
  const [output] = Object.keys(counted.values);
  if (output !== undefined) {
    const mean = (counted.sums[output] ?? 0) / counted.predictions;
    return known(mean, [
      part('mean', mean),
      ...[0.25, 0.5, 0.75].map(share =>
        part(`${share * 100} %`, quantile(counted.values[output], share)),
      ),
    ]);
  }
  const shares = Object.entries(counted.classes).map(([name, count]) =>
    part(name, count / counted.predictions),
  );
  return known(Math.max(...shares.map(({ value }) => value ?? 0)), shares);
}

/**
 * What was counted over scrapes.
 *
 * @param fromStart - the first scrape's server began within the stretch: what it had counted by
 *   then is part of it.
 */
function countedIn(scrapes: Scrape[], fromStart: boolean): Counters | null {
  const answered = scrapes.filter(
    (scrape): scrape is Scrape & Counted => scrape.counters !== null,
  );
  if (answered.length === 0) return null;
  const beginning = {
    instance: answered[0].instance,
    counters: emptyCounters(),
  };
  return increase(fromStart ? [beginning, ...answered] : answered);
}
