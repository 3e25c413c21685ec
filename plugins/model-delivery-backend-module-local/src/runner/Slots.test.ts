import fc from 'fast-check';
import { Slots } from './Slots';

const forever = new AbortController().signal;
const request = {
  alone: false,
  short: false,
  priority: 0,
  order: 0,
  run: 'a',
  onMoved: () => {},
};

/** Lets everything run that can. */
const settle = () => new Promise(resolve => setImmediate(resolve));

describe('Slots', () => {
  it('lets a person’s job go before seeded ones, and an alone job not be overtaken', async () => {
    const slots = new Slots(2);
    const begun: string[] = [];
    const ask = (name: string, change: Partial<typeof request>) => {
      const got = slots.acquire({ ...request, ...change }, forever);
      got.then(() => begun.push(name));
      return got;
    };
    const first = await ask('first', {});
    const second = await ask('second', {});
    const alone = ask('alone', { alone: true, order: 1 });
    ask('behind', { order: 2 });
    const person = ask('person', { priority: 10, order: 9 });
    first();
    await settle();
    expect(begun).toEqual(['first', 'second', 'person']);
    second();
    await settle();
    expect(begun).toHaveLength(3);
    (await person)();
    await settle();
    expect(begun.at(-1)).toBe('alone');
    (await alone)();
    await settle();
    expect(begun.at(-1)).toBe('behind');
  });

  it('lets a short job pass one that wants all slots, only while a long job delays it', async () => {
    const slots = new Slots(2);
    const begun: string[] = [];
    const ask = (name: string, change: Partial<typeof request>) => {
      const got = slots.acquire({ ...request, ...change }, forever);
      got.then(() => begun.push(name));
      return got;
    };
    const long = await ask('long', {});
    const alone = ask('alone', { alone: true, order: 1 });
    ask('another long', { order: 2 });
    const short = ask('short', { short: true, order: 3 });
    const nextShort = ask('next short', { short: true, order: 4 });
    ask('seeded short', { short: true, priority: -1 });
    await settle();
    expect(begun).toEqual(['long', 'short']);
    (await short)();
    await settle();
    expect(begun).toEqual(['long', 'short', 'next short']);
    ask('last short', { short: true, order: 5 });
    long();
    await settle();
    expect(begun).toHaveLength(3);
    (await nextShort)();
    await settle();
    expect(begun.slice(3)).toEqual(['alone']);
    (await alone)();
  });

  it('tells how many jobs are ahead of a run, and when that changes', async () => {
    const slots = new Slots(1);
    const moved: string[] = [];
    const ask = (run: string, order: number) =>
      slots.acquire(
        { ...request, run, order, onMoved: () => moved.push(run) },
        forever,
      );
    const first = await ask('a', 0);
    const second = ask('a', 1);
    ask('b', 2);
    expect(slots.jobsAhead('a')).toBeUndefined();
    expect(slots.jobsAhead('b')).toBe(1);
    expect(slots.jobsAhead('c')).toBeUndefined();
    first();
    (await second)();
    expect(moved).toContain('b');
    await settle();
    expect(slots.jobsAhead('b')).toBeUndefined();
  });

  it('forgets who no longer waits', async () => {
    const slots = new Slots(1);
    const release = await slots.acquire(request, forever);
    const controller = new AbortController();
    const waiting = slots.acquire(
      { ...request, alone: true },
      controller.signal,
    );
    const behind = slots.acquire({ ...request, order: 1 }, forever);
    controller.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    release();
    release();
    (await behind)();
  });

  it('never gives more than there is, and comes to an end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.record({
            alone: fc.boolean(),
            short: fc.boolean(),
            priority: fc.nat(2),
            order: fc.nat(3),
          }),
          { maxLength: 12 },
        ),
        async (total, requests) => {
          const slots = new Slots(total);
          let used = 0;
          await Promise.all(
            requests.map(async one => {
              const release = await slots.acquire(
                { ...request, ...one },
                forever,
              );
              used += one.alone ? total : 1;
              expect(used).toBeLessThanOrEqual(total);
              await settle();
              used -= one.alone ? total : 1;
              release();
            }),
          );
          expect(used).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });
});
