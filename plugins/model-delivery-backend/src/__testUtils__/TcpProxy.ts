import net from 'node:net';

/** A way to a server that can be cut: every connection ends, and new ones are refused until it is restored. */
export class TcpProxy {
  readonly #to: { host: string; port: number };
  readonly #sockets = new Set<net.Socket>();
  #server: net.Server | undefined;
  port = 0;

  constructor(to: { host: string; port: number }) {
    this.#to = to;
  }

  /** Accepts connections, on the same port as before. */
  async restore(): Promise<void> {
    const server = net.createServer(client => {
      const upstream = net.connect(this.#to);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ]) {
        this.#sockets.add(socket);
        socket.pipe(other);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as net.AddressInfo).port;
    this.#server = server;
  }

  async cut(): Promise<void> {
    const closed = new Promise(resolve => {
      if (this.#server) this.#server.close(resolve);
      else resolve(undefined);
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
