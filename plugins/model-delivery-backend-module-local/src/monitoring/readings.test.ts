import type { Scrape } from '../database/ScrapeStore';
import { emptyCounters } from './counters';
import { driftParts } from './drift';
import { quantile } from './quantile';
import { availability, errors, latency, predictions } from './readings';
import { referenceSchema, windowBins } from './reference';

function scrape(counters: object | null, error: string | null = null): Scrape {
  return {
    at: 0,
    ok: counters !== null,
    error,
    version: '0.1.0',
    instance: '1',
    counters: counters && { ...emptyCounters(), ...counters },
  };
}

describe('readings', () => {
  it('do not take no data for zero', () => {
    for (const read of [availability, latency, errors, predictions]) {
      expect(read([], true)).toMatchObject({
        value: null,
        insufficient: true,
        reason: 'Nothing has been scraped yet.',
      });
    }
    for (const read of [latency, errors, predictions]) {
      expect(read([scrape({}), scrape({})], false)).toMatchObject({
        value: null,
        reason: 'No requests in the last 5 minutes.',
      });
    }
  });

  it('tell the share of answered scrapes, and the last failure', () => {
    expect(
      availability([
        scrape({}),
        scrape(null, 'refused'),
        scrape({}),
        scrape({}),
      ]),
    ).toMatchObject({
      value: 0.75,
      reason: '3 of 4 scrapes were answered; the last failure: refused',
    });
  });

  it('tell errors and latency of the requests in between', () => {
    const scrapes = [
      scrape({
        requests: { 200: 100, 500: 50 },
        durations: { 0.1: 150, 0.5: 150, '+Inf': 150 },
      }),
      scrape({
        requests: { 200: 190, 400: 5, 503: 5, 500: 50 },
        durations: { 0.1: 240, 0.5: 250, '+Inf': 250 },
      }),
    ];
    expect(errors(scrapes, false).value).toBeCloseTo(0.05);
    expect(latency(scrapes, false).value).toBeCloseTo(0.3);
  });

  it('tell the mix of classes, and the spread of numbers', () => {
    expect(
      predictions(
        [scrape({}), scrape({ predictions: 4, classes: { a: 1, b: 3 } })],
        false,
      ),
    ).toMatchObject({
      value: 0.75,
      parts: [
        { name: 'a', value: 0.25 },
        { name: 'b', value: 0.75 },
      ],
    });
    const numbers = predictions(
      [
        scrape({}),
        scrape({
          predictions: 4,
          classes: { y: 4 },
          values: { y: { 10: 2, 20: 4, '+Inf': 4 } },
          sums: { y: 48 },
        }),
      ],
      false,
    );
    expect(numbers.value).toBe(12);
    expect(numbers.parts.map(({ name, value }) => [name, value])).toEqual([
      ['mean', 12],
      ['25 %', 5],
      ['50 %', 10],
      ['75 %', 15],
    ]);
  });
});

describe('a server that began within the stretch', () => {
  it('counts from its start', () => {
    const first = scrape({ requests: { 200: 3, 500: 1 } });
    expect(errors([first], false).value).toBeNull();
    expect(errors([first], true).value).toBe(0.25);
  });
});

describe('quantile', () => {
  it.each([
    [{ 1: 0, '+Inf': 0 }, null],
    [{}, null],
    [{ 1: 10, '+Inf': 10 }, 0.95],
    [{ 1: 1, 2: 2, '+Inf': 100 }, 2],
  ])('of %j at 95 %% is %p', (buckets, expected) => {
    expect(quantile(buckets as never, 0.95)).toBe(expected);
  });
});

describe('drift', () => {
  const reference = referenceSchema.parse({
    minWindow: 10,
    features: {
      x: {
        kind: 'numeric',
        edges: [1, 2],
        counts: [10, 10, 10],
        missing: 0,
        limit: 0.3,
      },
      c: {
        kind: 'categorical',
        categories: ['p', 'q'],
        counts: [10, 10],
        other: 0,
        missing: 0,
        limit: 0.3,
      },
    },
  });
  const same = {
    ...emptyCounters(),
    numbers: { x: { 1: 10, '2.0': 20, '+Inf': 30 } },
    categories: { c: { p: 10, q: 10 } },
  };
  const moved = {
    ...emptyCounters(),
    numbers: { x: { 1: 0, '2.0': 0, '+Inf': 30 } },
    categories: { c: { p: 9, q: 11, __other__: 0 } },
  };

  it('reads cumulative buckets, whatever way the edges are written', () => {
    expect(windowBins('x', reference.features.x, same)).toEqual([
      10, 10, 10, 0,
    ]);
    expect(
      windowBins('c', reference.features.c, {
        ...same,
        categories: { c: { p: 1, __other__: 2, new: 3 } },
        missing: { c: 4 },
      }),
    ).toEqual([1, 0, 5, 4]);
  });

  it('needs two windows in a row', () => {
    const drifted = (...windows: Array<typeof same>) =>
      driftParts(reference, windows as never).map(part => part.drifted);
    expect(drifted(moved)).toEqual([false, false]);
    expect(drifted(moved, same)).toEqual([false, false]);
    expect(drifted(same, moved)).toEqual([false, false]);
    expect(drifted(moved, moved)).toEqual([true, false]);
  });
});
