import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';

export interface Child {
  /** The first line that it wrote, as JSON. */
  said: any;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** Starts a program that says in its first line where it is. @throws Error if it ends before. */
export async function startChild(
  program: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Child> {
  const child = spawn(program, args, {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', chunk => {
    complaint += chunk;
  });
  const closed = once(child, 'close');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(
      ([text]) => text,
    ),
    closed.then(([code]) => {
      throw new Error(
        `${program} ${args.join(' ')} ended with ${code}: ${complaint}`,
      );
    }),
  ]);
  return {
    said: JSON.parse(line),
    kill: () => end(child, 'SIGKILL', closed),
    stop: () => end(child, 'SIGTERM', closed),
  };
}

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals,
  closed: Promise<unknown>,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await closed;
}

/** A port on loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
