import http from 'node:http';

const PER_SECOND = 20;
/** Every so many requests, one takes its time to say what it wants. */
const SLOW_EVERY = 5;
const SLOW_MS = 300;

/**
 * Twenty requests a second at an environment's address, for as long as it is not stopped. Of
 * five, one sends its body in two halves with a pause, so that it is in flight for a while.
 */
export class SteadyLoad {
  answers = [];
  #sent = 0;
  #timer;
  #open = new Set();
  #agent = new http.Agent({ keepAlive: true });

  /** @param bodies - what the requests say, in turn. */
  constructor(url, bodies) {
    this.url = url;
    this.bodies = bodies.map(body => JSON.stringify(body));
    this.#timer = setInterval(() => this.#send(), 1000 / PER_SECOND);
  }

  get failed() {
    return this.answers.filter(a => a.status !== 200);
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.#agent.destroy();
    return this.answers;
  }

  #send() {
    this.#sent += 1;
    const slow = this.#sent % SLOW_EVERY === 0;
    const body = this.bodies[this.#sent % this.bodies.length];
    const work = this.#request(body, slow)
      .catch(error => ({ status: String(error.code ?? error) }))
      .then(answer => this.answers.push({ ...answer, slow }))
      .finally(() => this.#open.delete(work));
    this.#open.add(work);
  }

  #request(body, slow) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        this.url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        response => {
          let text = '';
          response.on('data', chunk => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode, text }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      const half = Math.floor(body.length / 2);
      request.write(body.slice(0, half));
      setTimeout(() => request.end(body.slice(half)), slow ? SLOW_MS : 0);
    });
  }
}
