import { spawn } from 'node:child_process';

export interface ExecuteOptions {
  cwd?: string;
  env: Record<string, string>;
  input?: string | Buffer;
  signal?: AbortSignal;
  /** Milliseconds. */
  timeoutMs?: number;
  /** Bytes of output that are kept; more is an error. */
  maxOutput?: number;
}

export interface ExecuteResult {
  /** Null where a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  /** At most the last 16 KB. */
  stderr: string;
}

const STDERR_LIMIT = 16_384;

/**
 * Runs a command to its end, without a shell. A code that is not zero is a result, not an error.
 *
 * @throws where it cannot be started, is aborted, takes too long or says too much.
 */
export async function execute(
  command: string,
  args: readonly string[],
  options: ExecuteOptions,
): Promise<ExecuteResult> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout])
    : timeout;
  signal.throwIfAborted();
  const limit = options.maxOutput ?? 64 * 1024 * 1024;
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        child.kill('SIGKILL');
        reject(new Error(`${command} printed more than ${limit} bytes`));
      } else {
        chunks.push(chunk);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_LIMIT);
    });
    child.on('error', error =>
      reject(
        timeout.aborted
          ? new Error(
              `${command} took longer than ${options.timeoutMs ?? 60_000} ms`,
            )
          : error,
      ),
    );
    child.on('close', (code, ended) =>
      resolve({ code, signal: ended, stdout: Buffer.concat(chunks), stderr }),
    );
    // A command that ends before it read its input is judged by its code.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
  });
}
