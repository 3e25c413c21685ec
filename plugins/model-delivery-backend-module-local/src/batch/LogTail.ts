import { StringDecoder } from 'node:string_decoder';
import { printable } from '../runner/logFormat';

const LINES = 20;
const LINE_LIMIT = 500;

/** The last lines that a process printed. */
export class LogTail {
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #lines: string[] = [];

  write(chunk: Buffer): void {
    const lines = (this.#partial + this.#decoder.write(chunk)).split('\n');
    // A line without an end is not collected without end.
    this.#partial = lines.pop()!.slice(-LINE_LIMIT);
    for (const line of lines) this.note(line);
  }

  note(text: string): void {
    const line = printable(text).trim().slice(0, LINE_LIMIT);
    if (line) this.#lines = [...this.#lines, line].slice(-LINES);
  }

  /** Oldest first; what has no line end yet is the last one. */
  get lines(): string[] {
    const rest = printable(this.#partial).trim();
    return (rest ? [...this.#lines, rest] : this.#lines).slice(-LINES);
  }
}
