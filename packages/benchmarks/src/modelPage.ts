import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import {
  fakeVersion,
  modelEntity,
} from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { bareService, openDatabase, serveRoutes } from './bareBackend';
import { runRow } from './runRow';
import { milliseconds, quantile } from './statistics.mjs';

const quick = process.argv.includes('--quick');
const VERSIONS = 20;
const RUNS = 50;
const WARM_UP = quick ? 2 : 200;
const ROUNDS = quick ? 20 : 1500;
const SIZES = quick ? [2, 10] : [10, 1000];

/** The plugin's own routes over its own database, without the host's sign-in. */
async function serve(models: number) {
  const knex = await openDatabase();
  const stores = createStores(knex);
  const now = new Date().toISOString();
  for (let m = 0; m < models; m++) {
    const spec = modelSpecFromEntity(modelEntity(`model-${m}`));
    await stores.models.upsert(spec, [{ key: 'kind', value: 'mlmodel' }], now);
    await knex.batchInsert(
      'version',
      Array.from({ length: VERSIONS }, (_, n) => {
        const version = fakeVersion(n + 1);
        return {
          entity_ref: spec.entityRef,
          version: version.version,
          status: version.status,
          created_at: version.createdAt,
          data: JSON.stringify(version),
        };
      }),
      VERSIONS,
    );
    await knex.batchInsert(
      'run',
      Array.from({ length: RUNS }, (_, n) => runRow(spec.entityRef, n)),
      RUNS,
    );
  }
  const service = bareService({ knex, registry: new ProviderRegistry() });
  for (const ref of await stores.models.refs()) {
    await service.routeDeps.refresh(ref);
  }
  const server = await serveRoutes(service);
  return {
    models,
    url: (m: number) => `${server.url}/models/default/model-${m % models}`,
    samples: [] as number[],
    async close() {
      server.close();
      await knex.destroy();
    },
  };
}

async function main() {
  const sides = [];
  for (const size of SIZES) sides.push(await serve(size));
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // Alternating which side goes first: what the machine does meanwhile hits both alike.
    const order = round % 2 ? sides : [...sides].reverse();
    for (const side of order) {
      const began = performance.now();
      const response = await fetch(side.url(round));
      if (!response.ok) throw new Error(await response.text());
      await response.arrayBuffer();
      if (round >= WARM_UP) side.samples.push(performance.now() - began);
    }
  }
  for (const { models, samples } of sides) {
    console.log(
      `${models} models, ${VERSIONS} versions and ${RUNS} runs each: p50 ${milliseconds(
        quantile(samples, 0.5),
      )}, p95 ${milliseconds(quantile(samples, 0.95))} over ${ROUNDS} answers`,
    );
  }
  const [small, large] = sides.map(s => quantile(s.samples, 0.5));
  const growth = large / small;
  console.log(`growth of p50: ${growth.toFixed(3)} (at most 1.2)`);
  for (const side of sides) await side.close();
  process.exitCode = growth <= 1.2 || quick ? 0 : 1;
}

void main();
