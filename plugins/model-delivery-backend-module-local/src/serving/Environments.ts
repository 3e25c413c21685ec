import path from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeploymentStore } from '../database/DeploymentStore';
import type { ProcessRecord } from '../processes/ProcessRecords';
import { type StateFolder, writeFileAtomically } from '../StateFolder';
import { Environment } from './Environment';
import type { Listener } from './Listener';
import type { ServerFactory } from './ServerFactory';

interface Parts {
  state: StateFolder;
  store: DeploymentStore;
  factory: ServerFactory;
  listener: Listener;
  logger: LoggerService;
  onChange: (key: string) => void;
}

/** All environments that this machine serves, by `namespace/name/environment`. */
export class Environments {
  readonly #parts: Parts;
  readonly #byKey = new Map<string, Environment>();
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Takes over servers that lived on, and starts the others again, in the background.
   *
   * @param records - servers that live.
   */
  async recover(records: ProcessRecord[]): Promise<void> {
    for (const row of await this.#parts.store.environments()) {
      if (row.batch) {
        this.#parts.listener.remove(row.key, noServer(row.version));
        continue;
      }
      const record = records.find(
        ({ owner, port }) => owner === row.deployment_id && port !== undefined,
      );
      this.get(row.key).recover(
        { id: row.deployment_id, version: row.version, digest: row.digest },
        record && { ...record, port: record.port! },
      );
    }
    await this.#writeTargets();
  }

  get(key: string): Environment {
    let environment = this.#byKey.get(key);
    if (!environment) {
      environment = new Environment(key, {
        servingFolder: this.#parts.state.serving,
        factory: this.#parts.factory,
        listener: this.#parts.listener,
        logger: this.#parts.logger,
        onChange: changed => {
          this.#parts.onChange(changed);
          this.#writing = this.#writing
            .then(() => this.#writeTargets())
            .catch(error =>
              this.#parts.logger.warn(
                `Cannot write Prometheus's targets: ${error.message}`,
              ),
            );
        },
      });
      this.#byKey.set(key, environment);
    }
    return environment;
  }

  find(key: string): Environment | undefined {
    return this.#byKey.get(key);
  }

  list(): Environment[] {
    return [...this.#byKey.values()];
  }

  async stop(): Promise<void> {
    await Promise.all(this.list().map(environment => environment.stop()));
    await this.#writing;
  }

  /** The file by which a Prometheus finds the servers, `file_sd` in its configuration. */
  async #writeTargets(): Promise<void> {
    const targets = this.list()
      .filter(({ version }) => version !== undefined)
      .map(({ key }) => {
        const [namespace, model, environment] = key.split('/');
        return {
          targets: [this.#parts.listener.address],
          labels: {
            __metrics_path__: `/${key}/metrics`,
            namespace,
            model,
            environment,
          },
        };
      });
    await writeFileAtomically(
      path.join(this.#parts.state.prometheus, 'targets.json'),
      `${JSON.stringify(targets, null, 2)}\n`,
    );
  }
}

/** Why a batch job answers no request. */
export function noServer(version: string): string {
  return `${version} runs as a batch job here, so there is no server to ask.`;
}
