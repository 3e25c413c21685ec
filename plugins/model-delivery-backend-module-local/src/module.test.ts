import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  monitorProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  projectProvidersExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import moduleLocal from './index';
import { ProcessRecords } from './processes/ProcessRecords';

jest.setTimeout(30_000);

/** Stands in for the plugin: it takes what a module registers. */
function hostPlugin(registered: string[]) {
  return createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      const add =
        (capability: string) =>
        ({ id }: { id: string }) =>
          registered.push(`${capability}:${id}`);
      env.registerExtensionPoint(changesExtensionPoint, { report: () => {} });
      env.registerExtensionPoint(pipelineProvidersExtensionPoint, {
        addPipelineProvider: add('pipelines'),
      });
      env.registerExtensionPoint(versionProvidersExtensionPoint, {
        addVersionProvider: add('versions'),
      });
      env.registerExtensionPoint(deploymentProvidersExtensionPoint, {
        addDeploymentProvider: add('deployments'),
      });
      env.registerExtensionPoint(monitorProvidersExtensionPoint, {
        addMonitorProvider: add('monitors'),
      });
      env.registerExtensionPoint(projectProvidersExtensionPoint, {
        addProjectProvider: add('projects'),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
}

async function start(local: object) {
  const registered: string[] = [];
  const { server } = await startTestBackend({
    features: [
      hostPlugin(registered),
      moduleLocal,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          modelDelivery: { local: local as {} },
        },
      }),
    ],
  });
  return { registered, server };
}

describe('the module', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await fs.mkdtemp(path.join(os.tmpdir(), 'local-module-'));
  });
  afterEach(async () => {
    await fs.chmod(directory, 0o700);
    await fs.rm(directory, { recursive: true, force: true });
  });

  const enabled = () => ({
    enabled: true,
    directory: path.join(directory, 'state'),
    listen: { port: 0 },
  });

  it('registers nothing unless it is enabled', async () => {
    expect((await start({})).registered).toEqual([]);
  });

  it('registers every capability', async () => {
    const { registered, server } = await start(enabled());
    expect(registered.sort()).toEqual([
      'deployments:local',
      'monitors:local',
      'pipelines:local',
      'projects:local',
      'versions:local',
    ]);
    expect(
      new ProcessRecords(path.join(directory, 'state/processes')).list(),
    ).toEqual([]);
    await server.stop();
  });

  it('refuses to start in production, and says why', async () => {
    jest.replaceProperty(process, 'env', {
      ...process.env,
      NODE_ENV: 'production',
    });
    try {
      await expect(start(enabled())).rejects.toThrow(
        /executes the code of every repository pushed to it/,
      );
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('names the setting when its port is taken', async () => {
    const taken = net.createServer();
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as net.AddressInfo;
    await expect(start({ ...enabled(), listen: { port } })).rejects.toThrow(
      new RegExp(`Port ${port} .* modelDelivery\\.local\\.listen\\.port`),
    );
    await new Promise(resolve => taken.close(resolve));
  });

  it('names the setting when its folder cannot be written to', async () => {
    await fs.writeFile(path.join(directory, 'file'), '');
    await expect(
      start({ ...enabled(), directory: path.join(directory, 'file', 'state') }),
    ).rejects.toThrow(/modelDelivery\.local\.directory/);
  });

  it('names the setting when there is no such Python', async () => {
    await expect(
      start({ ...enabled(), python: path.join(directory, 'no-python') }),
    ).rejects.toThrow(/Python 3\.11 or newer.*modelDelivery\.local\.python/);
  });

  it('names a setting that does not hold, its value and what would be right', async () => {
    await expect(
      start({ ...enabled(), listen: { host: '0.0.0.0' } }),
    ).rejects.toThrow(
      'modelDelivery.local.listen.host is "0.0.0.0": must be a loopback address such as 127.0.0.1',
    );
  });
});
