import { say } from '../launcher/say.mjs';

/** What is done one after another, with how long each took and which one failed. */
export class Steps {
  #taken = [];
  #began = Date.now();

  /** @param signal - aborted, no further step is taken. */
  constructor(signal) {
    this.signal = signal;
  }

  /** Whether a step failed. */
  failed = false;

  /** Takes a step and answers what it answers. */
  async take(name, work) {
    this.signal.throwIfAborted();
    say(name);
    const step = { name, began: Date.now(), ended: undefined };
    this.#taken.push(step);
    const answer = await work();
    step.ended = Date.now();
    this.signal.throwIfAborted();
    return answer;
  }

  /** Says why the last step failed. */
  fail(error) {
    this.failed = true;
    const { name } = this.#taken.at(-1);
    // The output of a process that was stopped from outside explains little.
    const { message } = this.signal.aborted ? this.signal.reason : error;
    process.stderr.write(`\u001b[31m✗\u001b[0m ${name}: ${message}\n`);
  }

  /** A line for each step, and one for all of them. */
  summary() {
    const last = this.#taken.at(-1)?.ended ?? Date.now();
    return [
      ...this.#taken.map(({ name, began, ended }) =>
        line(ended !== undefined, name, (ended ?? Date.now()) - began),
      ),
      line(!this.failed, 'from pack to page', last - this.#began),
    ].join('\n');
  }
}

function line(good, name, milliseconds) {
  const seconds = (milliseconds / 1000).toFixed(1).padStart(6);
  return `${good ? '✓' : '✗'} ${name.padEnd(30)} ${seconds} s`;
}
