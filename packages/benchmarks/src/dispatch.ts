import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
} from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { bareService, openDatabase, serveRoutes } from './bareBackend';
import { milliseconds, quantile } from './statistics.mjs';

const quick = process.argv.includes('--quick');
const MODELS = quick ? 2 : 50;
const WARM_UP = quick ? 2 : 20;
const ROUNDS = quick ? 6 : 300;
const AT_MOST_MS = 150;
const LOOK_MS = 5;

/** Says when an order reaches it. */
class TimedSystem extends FakeSystem {
  reached: () => void = () => undefined;

  override async deploy(...args: Parameters<FakeSystem['deploy']>) {
    this.reached();
    return super.deploy(...args);
  }
}

/**
 * From the request of _Deploy_ to the moment at which the provider has the order, on the database that a
 * backend has by default: a file of SQLite.
 */
async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-dispatch-'));
  const knex = await openDatabase(path.join(folder, 'db.sqlite'));
  const stores = createStores(knex);
  const system = new TimedSystem();
  const versions = [fakeVersion(1), fakeVersion(2)];
  system.onDeploy = () => ({
    phase: 'live',
    message: 'Answers.',
    at: new Date().toISOString(),
  });
  const registry = new ProviderRegistry();
  registry.add('versions', system);
  registry.add('deployments', system);
  for (let m = 0; m < MODELS; m++) {
    const spec = modelSpecFromEntity(modelEntity(`model-${m}`));
    spec.environments = [
      { ...spec.environments[0], deploy: 'manual', gates: [] },
    ];
    const at = new Date().toISOString();
    await stores.models.upsert(spec, [{ key: 'kind', value: 'mlmodel' }], at);
    await stores.versions.upsert(spec.entityRef, ...versions);
  }
  const service = bareService({ knex, registry });
  const server = await serveRoutes(service);
  await service.start();
  const samples: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const model = `${server.url}/models/default/model-${round % MODELS}`;
    const { version } = versions[Math.floor(round / MODELS) % 2];
    const reached = new Promise<number>(resolve => {
      system.reached = () => resolve(performance.now());
    });
    const began = performance.now();
    const response = await fetch(`${model}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        environment: 'staging',
        version,
        reason: `Round ${round}`,
      }),
    });
    if (!response.ok) throw new Error(await response.text());
    const { id } = (await response.json()) as { id: string };
    const took = (await reached) - began;
    if (round >= WARM_UP) samples.push(took);
    while ((await stores.deployments.get(id))?.state !== 'live') {
      await pause(LOOK_MS);
    }
  }
  const p95 = quantile(samples, 0.95);
  console.log(
    `from the request to the provider: p50 ${milliseconds(
      quantile(samples, 0.5),
    )}, p95 ${milliseconds(p95)} (at most ${AT_MOST_MS} ms) over ${ROUNDS} deployments of ${MODELS} models`,
  );
  server.close();
  await service.stop();
  await knex.destroy();
  fs.rmSync(folder, { recursive: true, force: true });
  process.exitCode = p95 <= AT_MOST_MS || quick ? 0 : 1;
}

void main();
