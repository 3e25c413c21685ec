import type { Step } from '@slipway/plugin-model-delivery-common';

/** The steps of a job: one at a time, told after every change. */
export class Steps {
  readonly #onChange: (steps: Step[]) => Promise<void>;
  readonly #steps: Step[] = [];

  constructor(onChange: (steps: Step[]) => Promise<void>) {
    this.#onChange = onChange;
  }

  async begin(name: string): Promise<void> {
    this.#close('passed');
    this.#steps.push({
      name,
      status: 'running',
      startedAt: new Date().toISOString(),
      finishedAt: null,
    });
    await this.#onChange(this.#steps);
  }

  async end(status: 'passed' | 'failed'): Promise<void> {
    this.#close(status);
    await this.#onChange(this.#steps);
  }

  async fail(): Promise<void> {
    await this.end('failed');
  }

  #close(status: 'passed' | 'failed'): void {
    const last = this.#steps.at(-1);
    if (last?.status === 'running') {
      last.status = status;
      last.finishedAt = new Date().toISOString();
    }
  }
}
