import type { VersionProvider } from '@slipway/plugin-model-delivery-node';
import { MlflowServer } from './mlflowServer';
import { context, modelTarget, providerOf } from './providers';
import { Seed } from './Seed';

/** A real registry, with what fills it and what reads it; all there once it is started. */
export class Registry {
  server!: MlflowServer;
  seed!: Seed;
  provider!: VersionProvider;

  async start(): Promise<void> {
    this.server = await MlflowServer.start();
    this.seed = new Seed(this.server.url);
    this.provider = providerOf(this.server.url, {
      externalUrl: 'https://mlflow.example.com/registry/',
    });
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  async version(name: string, version = '1') {
    return await this.provider.getVersion(modelTarget(name), version, context);
  }

  /** The newest 100. */
  async versions(name: string) {
    const page = await this.provider.listVersions(
      modelTarget(name),
      { limit: 100 },
      context,
    );
    return page.items;
  }
}
