import { Route } from './Route';
import { Split } from './Split';
import { TrafficCounter } from './TrafficCounter';

const split = (
  weight: number,
  sticky: ConstructorParameters<typeof Split>[2] = null,
) => {
  const made = new Split(
    new Route('http://127.0.0.1:1'),
    new TrafficCounter(),
    sticky,
  );
  made.set({ weight, mirror: false });
  return made;
};
const request = (headers: Record<string, string>) => ({ headers }) as never;

describe('Split', () => {
  it.each([0, 1, 10, 33, 50, 99, 100])(
    'gives the candidate exactly %d of 100 requests, spread evenly',
    weight => {
      const shared = split(weight);
      const taken = Array.from({ length: 1_000 }, () =>
        shared.takes(undefined),
      );
      for (let n = 0; n < 1_000; n += 100) {
        expect(taken.slice(n, n + 100).filter(Boolean)).toHaveLength(weight);
      }
    },
  );

  it('keeps a client on its version, and moves it once as the weight rises', () => {
    const clients = Array.from({ length: 500 }, (_, n) => `client-${n}`);
    const taken = [10, 50, 99].map(weight => {
      const shared = split(weight);
      const first = clients.filter(client => shared.takes(client));
      expect(clients.filter(client => shared.takes(client))).toEqual(first);
      expect(Math.abs(first.length - 5 * weight)).toBeLessThan(40);
      return new Set(first);
    });
    for (const client of taken[0]) expect(taken[1].has(client)).toBe(true);
    for (const client of taken[1]) expect(taken[2].has(client)).toBe(true);
  });

  it('finds the client in the declared header, or in the id of the body', () => {
    const body = Buffer.from('{"id":"42","inputs":[]}');
    const byHeader = split(10, { header: 'X-Customer' });
    expect(byHeader.clientOf(request({ 'x-customer': '7' }), body)).toBe('7');
    expect(byHeader.clientOf(request({}), body)).toBeUndefined();
    const byBody = split(10, { body: 'id' });
    expect(byBody.clientOf(request({}), body)).toBe('42');
    expect(byBody.clientOf(request({}), Buffer.from('{'))).toBeUndefined();
    expect(split(10).clientOf(request({}), body)).toBeUndefined();
  });
});

describe('TrafficCounter', () => {
  let clock = 0;
  const counter = () => new TrafficCounter(() => clock);
  const answered = (overrides: object = {}) => ({
    side: 'candidate' as const,
    ok: true,
    ms: 10,
    predictions: ['low'],
    ...overrides,
  });

  it('counts the requests, failures, durations and predictions of each side', () => {
    const counted = counter();
    for (let n = 0; n < 100; n += 1) {
      counted.add(answered({ ok: n % 20 !== 0, ms: n < 90 ? 10 : 100 }));
      counted.add(answered({ side: 'live', predictions: ['high'] }));
    }
    counted.compare(true);
    counted.compare(false);
    const { candidate, live, agreement } = counted.between(0, 1);
    expect(candidate).toMatchObject({
      requests: 100,
      errors: 5,
      predictions: { low: 100 },
    });
    expect(candidate.p95Ms! / 100).toBeCloseTo(1, 1);
    expect(candidate.p95RangeMs!.low / 100).toBeCloseTo(1, 1);
    expect(live).toMatchObject({
      requests: 100,
      errors: 0,
      predictions: { high: 100 },
    });
    expect(live.p95Ms! / 10).toBeCloseTo(1, 1);
    expect(agreement).toEqual({ compared: 2, agreed: 1 });
  });

  it('says how little few durations tell of their 95th percentile', () => {
    const range = (requests: number) => {
      const counted = counter();
      for (let ms = 1; ms <= requests; ms += 1) {
        counted.add(answered({ ms: (ms * 1_000) / requests }));
      }
      return counted.between(0, 1).candidate.p95RangeMs!;
    };
    const few = range(20);
    expect(few.low).toBeLessThan(910);
    expect(few.high).toBeGreaterThan(970);
    const many = range(2_000);
    expect(many.low).toBeGreaterThan(920);
    expect(many.high).toBeLessThan(985);
  });

  it('counts for a step nothing from before its shift', () => {
    const counted = counter();
    clock = 1_000;
    counted.add(answered());
    clock = 1_500;
    counted.cut();
    clock = 1_700;
    counted.add(answered());
    expect(counted.between(1_500, 9_000).candidate.requests).toBe(1);
    expect(counted.between(0, 9_000).candidate.requests).toBe(2);
    expect(counted.between(0, 1_600).candidate.requests).toBe(1);
  });

  it('says nothing of durations where nothing was answered', () => {
    expect(counter().between(0, 1).candidate).toEqual({
      requests: 0,
      errors: 0,
      p95Ms: null,
      p95RangeMs: null,
      predictions: {},
    });
  });
});
