import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import {
  type ProviderChange,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { EvidenceReader } from '../../../plugins/model-delivery-backend/src/sync/EvidenceReader';
import { VersionSyncer } from '../../../plugins/model-delivery-backend/src/sync/VersionSyncer';
import { parseMlflowConfig } from '../../../plugins/model-delivery-backend-module-mlflow/src/config';
import { createProvider } from '../../../plugins/model-delivery-backend-module-mlflow/src/createProvider';
import { bareService, openDatabase, serveRoutes } from './bareBackend';
import { type SeededRegistry, startSeededMlflow } from './mlflowRegistry';
import { withPeakMemory } from './peakMemory';
import { milliseconds, quantile } from './statistics.mjs';

/**
 * A large MLflow registry, discovered and kept in step by the real provider, syncer and database.
 * The registry's rows are written into its database; reading it is over HTTP, as ever.
 */
const quick = process.argv.includes('--quick');
const SIZES = {
  models: quick ? 30 : 5_000,
  versions: quick ? 3 : 20,
  longVersions: quick ? 300 : 10_000,
};
/** As many sources as the backend reads at once. */
const AT_ONCE = 8;
const AGAIN_MS = 1_000;
const PAGE = quick ? 3 : 20;
const WARM_UP = 50;
const ROUNDS = quick ? 10 : 400;
/** What reading ten thousand versions may add to what the process holds. */
const MOST_MB = 150;
/** How much slower the page of the long history may be. */
const MOST_GROWTH = 1.5;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

/** The backend's own parts over a database of its own, reading one MLflow server. */
async function createPortal(mlflow: SeededRegistry) {
  const knex = await openDatabase(path.join(mlflow.directory, 'portal.db'));
  const stores = createStores(knex);
  const changes: ProviderChange[] = [];
  const [server] = parseMlflowConfig({
    servers: [
      {
        id: 'mlflow',
        url: mlflow.url,
        discovery: { enabled: true, defaultOwner: 'group:default/ml' },
      },
    ],
  });
  const provider = createProvider(server, change => changes.push(change));
  const registry = new ProviderRegistry();
  registry.add('versions', provider);
  const nobody = async () => undefined;
  const now = () => new Date();
  const syncer = new VersionSyncer({
    stores,
    registry,
    evidence: new EvidenceReader({ stores, registry, onRead: nobody, now }),
    onNews: nobody,
    onRead: nobody,
    now,
  });
  const context = { signal: new AbortController().signal };
  const service = bareService({ knex, registry });
  return {
    knex,
    stores,
    changes,
    routeDeps: service.routeDeps,
    findModel: service.findModel,
    discover: () => provider.discover!(context),
    /** In goes, as the backend does. @returns how many. */
    async sync(name: string): Promise<number> {
      const spec = (await stores.models.get(`mlmodel:default/${name}`))!.spec;
      for (let goes = 1; ; goes += 1) {
        try {
          const { againInSeconds } = await syncer.sync(spec, 'mlflow', context);
          if (againInSeconds > 1) return goes;
        } catch (error) {
          // As the backend does, which waits longer.
          if (!(error instanceof ProviderError) || goes > 10) throw error;
          console.log(
            `asked again: ${error.message} It says: ${await mlflow.lastError()}`,
          );
          await delay(AGAIN_MS);
        }
      }
    },
    async countVersions(): Promise<number> {
      const [{ n }] = await knex('version').count({ n: '*' });
      return Number(n);
    },
  };
}
type Portal = Awaited<ReturnType<typeof createPortal>>;

async function inStep(portal: Portal, names: string[]): Promise<void> {
  const left = [...names];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let name = left.pop(); name; name = left.pop()) {
        await portal.sync(name);
      }
    }),
  );
}

/** Milliseconds of each answer, by model. */
async function measurePages(portal: Portal, names: string[]) {
  const server = await serveRoutes(portal);
  const samples = new Map(names.map(name => [name, [] as number[]]));
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // Alternating which side goes first: what the machine does meanwhile hits both alike.
    for (const name of round % 2 ? names : [...names].reverse()) {
      const [answer, took] = await timed(async () => {
        const response = await fetch(
          `${server.url}/models/default/${name}/versions?limit=${PAGE}`,
        );
        if (!response.ok) throw new Error(await response.text());
        return response.json();
      });
      if (answer.items.length !== PAGE) throw new Error('The page is short');
      if (round >= WARM_UP) samples.get(name)!.push(took);
    }
  }
  server.close();
  return samples;
}

async function main() {
  console.log(
    `${SIZES.models} models × ${SIZES.versions} versions and one of ${SIZES.longVersions}, written into the database of a real MLflow server with one worker`,
  );
  const [mlflow, seeding] = await timed(() => startSeededMlflow(SIZES));
  console.log(`seeded and started: ${seconds(seeding)}`);
  const portal = await createPortal(mlflow);
  let holds = true;
  try {
    const [entities, first] = await timed(portal.discover);
    console.log(`discovered ${entities.length} models: ${seconds(first)}`);
    const [, again] = await timed(portal.discover);
    console.log(`discovered again, without news: ${seconds(again)}`);
    for (const entity of entities) {
      await portal.stores.models.upsert(
        modelSpecFromEntity(entity as never),
        [],
        new Date().toISOString(),
      );
    }

    const long = await withPeakMemory(() =>
      timed(() => portal.sync('long-history')),
    );
    const [goes, took] = long.result;
    const grown = long.peakMb - long.beforeMb;
    console.log(
      `read ${await portal.countVersions()} versions of one model in ${goes} goes: ${seconds(
        took,
      )}, from ${long.beforeMb.toFixed(0)} to at most ${long.peakMb.toFixed(
        0,
      )} MB (at most ${MOST_MB} MB more)`,
    );
    holds &&= grown <= MOST_MB;
    const [, quietLong] = await timed(() => portal.sync('long-history'));
    console.log(`read it again, without news: ${milliseconds(quietLong)}`);

    const names = entities
      .map(({ metadata }) => metadata.name)
      .filter(name => name !== 'long-history');
    const all = await withPeakMemory(() => timed(() => inStep(portal, names)));
    console.log(
      `read ${names.length} models, ${await portal.countVersions()} versions in all, ${AT_ONCE} at once: ${seconds(
        all.result[1],
      )}, at most ${all.peakMb.toFixed(0)} MB`,
    );
    const [, quiet] = await timed(() => inStep(portal, names));
    console.log(
      `read them all again, without news: ${seconds(quiet)}, ${milliseconds(
        quiet / names.length,
      )} a model`,
    );

    await mlflow.post('model-versions/create', {
      name: names[7],
      source: 's3://bucket/new',
    });
    const [, news] = await timed(async () => {
      await portal.discover();
      for (const { subject } of portal.changes) await portal.sync(subject!);
    });
    const newest = await portal.stores.versions.newest(
      `mlmodel:default/${names[7]}`,
    );
    console.log(
      `found one new version among them by discovery: ${seconds(news)}`,
    );
    holds &&= newest?.version === String(SIZES.versions + 1);

    const samples = await measurePages(portal, [names[0], 'long-history']);
    const [small, large] = [...samples.values()];
    for (const [name, taken] of samples) {
      console.log(
        `page of ${PAGE} versions of ${name}: p50 ${milliseconds(
          quantile(taken, 0.5),
        )}, p95 ${milliseconds(quantile(taken, 0.95))} over ${ROUNDS} answers`,
      );
    }
    const growth = quantile(large, 0.5) / quantile(small, 0.5);
    console.log(`growth of p50: ${growth.toFixed(3)} (at most ${MOST_GROWTH})`);
    holds &&= growth <= MOST_GROWTH || quick;
  } finally {
    await portal.knex.destroy();
    await mlflow.close();
  }
  process.exit(holds ? 0 : 1);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
