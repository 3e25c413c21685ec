import { Shared } from './Shared';

describe('a shared answer', () => {
  let now = 0;
  let asked: {
    answer: (value: string) => void;
    fail: () => void;
    signal: AbortSignal;
  }[];
  const make = () => {
    now = 0;
    asked = [];
    return new Shared<string>(
      signal =>
        new Promise((resolve, reject) => {
          asked.push({
            answer: resolve,
            fail: () => reject(new Error('no')),
            signal,
          });
        }),
      { keepMs: () => 100, now: () => now },
    );
  };
  const { signal } = new AbortController();

  it('is asked for once by all who wait, and kept for a while', async () => {
    const shared = make();
    const both = Promise.all([shared.get(signal), shared.get(signal)]);
    asked[0].answer('a');
    expect(await both).toEqual(['a', 'a']);
    now = 99;
    expect(await shared.get(signal)).toBe('a');
    expect(asked).toHaveLength(1);
    now = 100;
    const later = shared.get(signal);
    asked[1].answer('b');
    expect(await later).toBe('b');
  });

  it('is not kept where it is an error', async () => {
    const shared = make();
    const first = shared.get(signal);
    asked[0].fail();
    await expect(first).rejects.toThrow('no');
    const second = shared.get(signal);
    asked[1].answer('b');
    expect(await second).toBe('b');
  });

  it('goes on while one still waits, and ends with the last', async () => {
    const shared = make();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = shared.get(one.signal);
    const second = shared.get(other.signal);
    one.abort();
    await expect(first).rejects.toThrow(/abort/i);
    expect(asked[0].signal.aborted).toBe(false);
    other.abort();
    await expect(second).rejects.toThrow(/abort/i);
    expect(asked[0].signal.aborted).toBe(true);
    const third = shared.get(signal);
    asked[1].answer('c');
    expect(await third).toBe('c');
  });

  it('from before it was dropped is given to nobody after', async () => {
    const shared = make();
    const before = shared.get(signal);
    shared.drop();
    const after = shared.get(signal);
    asked[1].answer('new');
    asked[0].answer('old');
    expect(await before).toBe('old');
    expect(await after).toBe('new');
    expect(await shared.get(signal)).toBe('new');
  });

  it('does nothing once it is aborted', async () => {
    const shared = make();
    await expect(shared.get(AbortSignal.abort())).rejects.toBeDefined();
    expect(asked).toHaveLength(0);
  });
});
