const HOUR_MS = 3_600_000;

/** The Alertmanager, told of an alert and of a silence as Prometheus and people do. */
export class Alertmanager {
  constructor(port) {
    this.url = `http://127.0.0.1:${port}/api/v2`;
  }

  fire(labels, annotations) {
    return this.#post('/alerts', [{ labels, annotations }]);
  }

  silence(labels, { by, comment }) {
    return this.#post('/silences', {
      matchers: Object.entries(labels).map(([name, value]) => ({
        name,
        value,
        isRegex: false,
      })),
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + HOUR_MS).toISOString(),
      createdBy: by,
      comment,
    });
  }

  async #post(where, body) {
    const response = await fetch(`${this.url}${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${where}: ${response.status} ${await response.text()}`);
    }
  }
}
