import fc from 'fast-check';
import { Slots } from './Slots';

const forever = new AbortController().signal;
const request = { alone: false, priority: 0, order: 0 };

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
              const release = await slots.acquire(one, forever);
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
