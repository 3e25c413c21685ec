import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { FakeSystem } from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { bareService } from './bareBackend';
import { type Databases, postgres, sqlite } from './databases';
import { seedFleet } from './seededFleet';

/**
 * What the backend costs while nothing is new: no source is due, no deployment is open. Its queries
 * and its share of a core must not grow with the number of models.
 */
const quick = process.argv.includes('--quick');
const SIZES = quick ? [50, 500] : [500, 5_000];
const SETTLE_MS = quick ? 1_000 : 5_000;
const WATCH_MS = quick ? 5_000 : 60_000;
/** Of one core. */
const MOST_CPU = 0.05;
const MOST_GROWTH = 1.2;

async function watch(databases: Databases, models: number) {
  const knex = await databases.open();
  await seedFleet(knex, models, 0);
  const registry = new ProviderRegistry();
  const system = new FakeSystem();
  registry.add('pipelines', system);
  registry.add('versions', system);
  registry.add('deployments', system);
  registry.add('monitors', system);
  const service = bareService({ knex, registry });
  await service.start();
  await sleep(SETTLE_MS);
  const queries = counting(knex);
  const before = process.cpuUsage();
  await sleep(WATCH_MS);
  const { user, system: kernel } = process.cpuUsage(before);
  const seen = queries.stop();
  await service.stop();
  await knex.destroy();
  return {
    models,
    cpu: (user + kernel) / 1000 / WATCH_MS,
    queriesPerMinute: (seen / WATCH_MS) * 60_000,
  };
}

function counting(knex: Knex) {
  let count = 0;
  const add = () => {
    count += 1;
  };
  knex.on('query', add);
  return {
    stop() {
      knex.off('query', add);
      return count;
    },
  };
}

async function main() {
  let holds = true;
  for (const databases of [sqlite, await postgres()]) {
    const results = [];
    for (const size of SIZES) results.push(await watch(databases, size));
    for (const { models, cpu, queriesPerMinute } of results) {
      console.log(
        `${databases.name}, ${models} models: ${(cpu * 100).toFixed(
          2,
        )} % of a core, ${queriesPerMinute.toFixed(0)} queries a minute`,
      );
    }
    const [small, large] = results;
    const growth = large.queriesPerMinute / small.queriesPerMinute;
    console.log(
      `  queries grow ${growth.toFixed(2)} times (at most ${MOST_GROWTH}), a core at most ${
        MOST_CPU * 100
      } %`,
    );
    holds &&= growth <= MOST_GROWTH && large.cpu <= MOST_CPU;
    await databases.stop();
  }
  // By itself the process would end with 0: the embedded PostgreSQL hooks into its end.
  process.exit(holds || quick ? 0 : 1);
}

void main();
