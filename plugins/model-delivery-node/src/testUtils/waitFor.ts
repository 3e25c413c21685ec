import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer. @throws Error after the time-out. */
export async function waitFor<T>(
  ask: () =>
    Promise<T | undefined | false | null> | T | undefined | false | null,
  what: string,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    }
    await sleep(20);
  }
}
