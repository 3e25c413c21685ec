import { UpstreamClient } from '@slipway/plugin-model-delivery-node/http';
import type { Connection } from '../config';
import { alertmanagerStatus, managedAlerts, silences } from './answers';
import { explainAlertmanager } from './explain';

/** Version 2 of the HTTP API of an Alertmanager. */
export class AlertmanagerApi {
  readonly #client: UpstreamClient;

  constructor(title: string, connection: Connection) {
    this.#client = new UpstreamClient({
      title,
      baseUrl: connection.url,
      auth: connection.auth,
      headers: connection.headers,
      tls: connection.tls,
      explain: explainAlertmanager(title),
    });
  }

  /** All that fire now, silenced and inhibited ones too. */
  async alerts(signal: AbortSignal) {
    return await this.#client.json(
      {
        path: 'api/v2/alerts',
        query: { active: 'true', silenced: 'true', inhibited: 'true' },
      },
      managedAlerts,
      signal,
    );
  }

  async silences(signal: AbortSignal) {
    return await this.#client.json(
      { path: 'api/v2/silences' },
      silences,
      signal,
    );
  }

  async version(signal: AbortSignal): Promise<string> {
    const { versionInfo } = await this.#client.json(
      { path: 'api/v2/status' },
      alertmanagerStatus,
      signal,
    );
    return versionInfo.version;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
