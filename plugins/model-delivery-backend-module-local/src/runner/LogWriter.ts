import { createWriteStream, type WriteStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { formatLogLine } from './logFormat';

const LINE_LIMIT = 8_192;

/**
 * Writes a job's log as it comes: whole lines with the time at which they were read, control
 * characters made visible, nothing after the size limit. Whatever the job prints, it never waits
 * for us and never fills the disk.
 */
export class LogWriter {
  readonly #limit: number;
  readonly #stream: WriteStream;
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #written = 0;
  #cut = false;
  #failure: Error | undefined;
  /** The last line that the job said, for the reason of a failure. */
  lastLine: string | null = null;

  /** @param limit - bytes. */
  constructor(file: string, limit: number) {
    this.#limit = limit;
    this.#stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
    this.#stream.on('error', error => {
      this.#failure ??= error;
    });
  }

  /** What the job printed. */
  write(chunk: Buffer): void {
    if (this.#cut) return;
    const lines = (this.#partial + this.#decoder.write(chunk)).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    while (this.#partial.length > LINE_LIMIT) {
      this.#line(this.#partial.slice(0, LINE_LIMIT));
      this.#partial = this.#partial.slice(LINE_LIMIT);
    }
  }

  /** What the runner itself has to say. */
  note(text: string): void {
    this.#append('note', text);
  }

  /** @throws the first error that writing met: a full disk, most likely. */
  async close(): Promise<void> {
    const rest = this.#partial + this.#decoder.end();
    this.#partial = '';
    if (rest) this.#line(rest);
    await new Promise<void>(resolve => {
      if (this.#stream.destroyed) resolve();
      else {
        this.#stream.once('close', resolve);
        this.#stream.end();
      }
    });
    if (this.#failure) throw this.#failure;
  }

  #line(text: string): void {
    if (this.#cut) return;
    if (text.trim()) this.lastLine = text.trim().slice(0, 500);
    this.#append('output', text);
  }

  #append(kind: 'output' | 'note', text: string): void {
    if (this.#failure) return;
    const entry = formatLogLine(kind, new Date(), text.slice(0, LINE_LIMIT));
    const size = Buffer.byteLength(entry);
    if (kind === 'output' && this.#written + size > this.#limit) {
      this.#cut = true;
      this.#partial = '';
      this.#stream.write(
        formatLogLine(
          'cut',
          new Date(),
          `The log is cut here: it has reached its limit of ${this.#limit} bytes. What the job printed after this is not kept.`,
        ),
      );
      return;
    }
    this.#written += size;
    this.#stream.write(entry);
  }
}
