import { setTimeout as sleep } from 'node:timers/promises';

/** Requests that are sent one after the other, several at a time, until they are stopped. */
export class SteadyTraffic {
  /** By version that answered. */
  readonly answered = new Map<string, number>();
  /** What went wrong, for each request that was not answered with 200. */
  readonly failed: string[] = [];
  #running = true;
  readonly #done: Promise<unknown>;

  /** @param url - of an environment. */
  constructor(url: string, senders = 4) {
    this.#done = Promise.all(
      Array.from({ length: senders }, (_, n) => this.#send(url, n)),
    );
  }

  get total(): number {
    return [...this.answered.values()].reduce((sum, n) => sum + n, 0);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #send(url: string, seed: number): Promise<void> {
    for (let n = seed; this.#running; n += 1) {
      try {
        const response = await fetch(`${url}/v2/models/tiny/infer`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({
            inputs: [
              {
                name: 'x',
                datatype: 'FP64',
                shape: [1],
                data: [(n % 100) / 100],
              },
            ],
          }),
        });
        const text = await response.text();
        if (response.ok) {
          const { model_version: version } = JSON.parse(text);
          this.answered.set(version, (this.answered.get(version) ?? 0) + 1);
        } else {
          this.failed.push(`${response.status} ${text}`);
        }
      } catch (error) {
        this.failed.push(String(error));
        // Refused at once: another attempt right away would only keep the machine busy.
        await sleep(20);
      }
    }
  }
}
