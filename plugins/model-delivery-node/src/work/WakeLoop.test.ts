import { WakeLoop } from './WakeLoop';

describe('a loop of rounds', () => {
  /** Rounds that end when the test says so. */
  function controlled(pauseMs = 60_000) {
    let ends: (() => void)[] = [];
    let begun = 0;
    const loop = new WakeLoop(async () => {
      begun += 1;
      await new Promise<void>(resolve => ends.push(resolve));
      return pauseMs;
    });
    return {
      loop,
      begun: () => begun,
      end: async () => {
        ends.forEach(end => end());
        ends = [];
        // Lets everything that waits for the end go on.
        await new Promise(resolve => setImmediate(resolve));
      },
    };
  }

  it('begins no round before it is started', () => {
    const { loop, begun } = controlled();
    loop.wake();
    expect(begun()).toBe(0);
  });

  it('runs one round at a time, and one more after any number of wakes', async () => {
    const { loop, begun, end } = controlled();
    loop.start();
    loop.wake();
    loop.wake();
    expect(begun()).toBe(1);
    await end();
    expect(begun()).toBe(2);
    await end();
    expect(begun()).toBe(2);
    await loop.stop();
  });

  it('begins no round by itself where none asked for a pause', async () => {
    let rounds = 0;
    const loop = new WakeLoop(async () => {
      rounds += 1;
      return undefined;
    });
    loop.start();
    await loop.settled();
    expect(rounds).toBe(1);
    loop.wake();
    await loop.settled();
    expect(rounds).toBe(2);
    await loop.stop();
  });

  it('begins the next round by itself after the pause', async () => {
    let rounds = 0;
    let thirdBegan: () => void;
    const third = new Promise<void>(resolve => {
      thirdBegan = resolve;
    });
    const loop = new WakeLoop(async () => {
      rounds += 1;
      if (rounds === 3) thirdBegan();
      return 1;
    });
    loop.start();
    await third;
    await loop.stop();
    expect(rounds).toBe(3);
  });

  it('waits for the round that runs when it stops, and begins none after', async () => {
    const { loop, begun, end } = controlled();
    loop.start();
    let stopped = false;
    const stopping = loop.stop().then(() => {
      stopped = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(stopped).toBe(false);
    await end();
    await stopping;
    loop.wake();
    expect(begun()).toBe(1);
  });
});
