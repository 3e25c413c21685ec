import { whereEntity } from '../../../plugins/model-delivery-backend/src/database/entityConditions';
import type { Restriction } from '../../../plugins/model-delivery-backend/src/database/FleetCounts';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { bareService, serveRoutes } from './bareBackend';
import { isFarBelow, startMlflow } from './besideMlflow';
import { type Databases, postgres, sqlite } from './databases';
import type { SeededRegistry } from './mlflowRegistry';
import { LONG_LIVED, ownerOf, seedFleet } from './seededFleet';
import { milliseconds, quantile } from './statistics.mjs';

/**
 * The fleet's answers at three sizes, interleaved within one run, so that what the machine does
 * meanwhile hits all alike.
 */
const quick = process.argv.includes('--quick');
const SIZES = quick ? [300, 600] : [500, 5_000, 50_000];
const HISTORY = quick ? 100 : 5_000;
const WARM_UP = quick ? 2 : 30;
const ROUNDS = quick ? 5 : 300;
/** How much slower the largest fleet may be than the smallest. */
const MOST_GROWTH = 1.2;

const ownersOnly: Restriction = (query, plan) =>
  whereEntity(query, { key: 'relations.ownedBy', values: [ownerOf(0)] }, plan);

const SORTS = ['attention', 'name', 'liveSince', 'lastRun', 'lastDelivery'];
const FILTERS = new URLSearchParams({
  owner: ownerOf(0),
  type: 'classification',
  lifecycle: 'production',
});
const MODEL = `/models/default/${LONG_LIVED}`;

interface Case {
  name: string;
  path: (side: Side) => string;
  visible?: Restriction;
  /** How many items the answer must have. */
  items?: number;
}

const cases: Case[] = [
  ...SORTS.map(sort => ({
    name: `first page by ${sort}`,
    path: () => `/models?limit=100&sort=${sort}`,
    items: 100,
  })),
  {
    name: 'first page by lastRun, descending',
    path: () => '/models?limit=100&sort=lastRun&order=desc',
    items: 100,
  },
  {
    name: 'three filters',
    path: () => `/models?limit=20&${FILTERS}`,
    items: 20,
  },
  {
    name: 'a rare search',
    path: side => `/models?limit=20&search=model-${side.size - 1}`,
    items: 1,
  },
  {
    name: 'a common search',
    path: () => '/models?limit=20&search=model',
    items: 20,
  },
  {
    name: 'the last page, by cursor',
    path: side => `/models?limit=100&sort=name&cursor=${side.lastCursor}`,
  },
  { name: 'attention', path: () => '/models?limit=10&attention=unhealthy' },
  {
    name: 'owners only, first page',
    path: () => '/models?limit=100',
    visible: ownersOnly,
    items: 100,
  },
  {
    name: 'owners only, three filters',
    path: () => `/models?limit=20&${FILTERS}`,
    visible: ownersOnly,
    items: 20,
  },
  { name: 'model page', path: () => MODEL },
  {
    name: 'versions of a long-lived model',
    path: () => `${MODEL}/versions?limit=20`,
    items: 20,
  },
  {
    name: 'runs of a long-lived model',
    path: () => `${MODEL}/runs?limit=20`,
    items: 20,
  },
];

interface Side {
  size: number;
  lastCursor: string;
  get(path: string, visible?: Restriction): Promise<any>;
  close(): Promise<void>;
}

async function sideOf(databases: Databases, size: number): Promise<Side> {
  const knex = await databases.open();
  await seedFleet(knex, size, HISTORY);
  const service = bareService({ knex, registry: new ProviderRegistry() });
  let visibility: Restriction | 'all' = 'all';
  const server = await serveRoutes(service, async () => visibility);
  const get = async (path: string, visible?: Restriction) => {
    visibility = visible ?? 'all';
    const response = await fetch(`${server.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  // Names sort as text: `model-99…` is the last page.
  const page = await get('/models?limit=100&sort=name&order=desc');
  const first = page.items.at(-1);
  return {
    size,
    lastCursor: Buffer.from(
      JSON.stringify([first.name, first.entityRef]),
    ).toString('base64url'),
    get,
    async close() {
      server.close();
      await knex.destroy();
    },
  };
}

async function measure(
  databases: Databases,
  mlflow: SeededRegistry | undefined,
): Promise<boolean> {
  const sides: Side[] = [];
  for (const size of SIZES) sides.push(await sideOf(databases, size));
  console.log(`\n${databases.name}: p50 / p95 at ${SIZES.join(', ')} models`);
  let holds = true;
  for (const one of cases) {
    const samples = sides.map(() => [] as number[]);
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      for (let n = 0; n < sides.length; n += 1) {
        const index = (n + round) % sides.length;
        const began = performance.now();
        const answer = await sides[index].get(
          one.path(sides[index]),
          one.visible,
        );
        if (round >= WARM_UP) samples[index].push(performance.now() - began);
        if (one.items !== undefined && answer.items.length !== one.items) {
          throw new Error(
            `${one.name}: ${answer.items.length} items in place of ${one.items}`,
          );
        }
      }
    }
    const p50 = samples.map(s => quantile(s, 0.5));
    const p95 = samples.map(s => quantile(s, 0.95));
    const growth = p50.at(-1)! / p50[0];
    const growth95 = p95.at(-1)! / p95[0];
    holds &&= growth <= MOST_GROWTH;
    console.log(
      `  ${one.name.padEnd(36)} ${p50
        .map((value, n) => `${milliseconds(value)} / ${milliseconds(p95[n])}`)
        .join('   ')}   growth ${growth.toFixed(2)} / ${growth95.toFixed(2)}`,
    );
  }
  const [, middle] = sides;
  const isBelow =
    !mlflow ||
    (await isFarBelow(mlflow, ROUNDS, () =>
      middle.get('/models?limit=100&sort=name'),
    ));
  for (const side of sides) await side.close();
  return holds && isBelow;
}

async function main() {
  const all = [sqlite, await postgres()];
  const mlflow = await startMlflow(SIZES[1]);
  let holds = true;
  for (const databases of all) {
    holds = (await measure(databases, mlflow)) && holds;
    await databases.stop();
  }
  await mlflow?.close();
  console.log(
    `\ngrowth of p50 in each case: at most ${MOST_GROWTH}${
      quick ? ' (not judged in a quick run)' : ''
    }`,
  );
  // By itself the process would end with 0: the embedded PostgreSQL hooks into its end.
  process.exit(holds || quick ? 0 : 1);
}

void main();
