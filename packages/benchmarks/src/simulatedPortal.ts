import { setImmediate as turn } from 'node:timers/promises';
import {
  modelSpecFromEntity,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { declaredSources } from '../../../plugins/model-delivery-backend/src/sync/declaredSources';
import { modelEntity } from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { bareService, openDatabase, serveRoutes } from './bareBackend';
import { knownTo } from './knownTo';
import { type Capability, SimulatedSystem } from './SimulatedSystem';

/** Monitors are read every 15 s. */
const FRESH_MS = 20_000;
/** Far more than a step takes: work that stays due is an error and not a benchmark without an end. */
const MOST_ROUNDS = 50_000;

/** A backend by a clock of its own, whose models all live in one simulated system. */
export async function startPortal(options: {
  models: number;
  stepSeconds: number;
  chance: () => number;
}) {
  const knex = await openDatabase();
  let clock = Date.UTC(2026, 0, 2);
  const now = () => new Date(clock);
  const system = new SimulatedSystem(now, options.chance);
  const asked = system.faulty();
  const registry = new ProviderRegistry();
  registry.add('pipelines', asked);
  registry.add('versions', asked);
  registry.add('deployments', asked);
  registry.add('monitors', asked);
  const stores = createStores(knex);
  const specs: ModelSpec[] = [];
  for (let m = 0; m < options.models; m++) {
    const spec = modelSpecFromEntity(modelEntity(`model-${m}`));
    specs.push(spec);
    const at = now().toISOString();
    await stores.models.upsert(spec, [{ key: 'kind', value: 'mlmodel' }], at);
    await stores.sources.declare(
      spec.entityRef,
      declaredSources(spec, registry),
      at,
      { due: true },
    );
  }
  const service = bareService({ knex, registry, now });
  const server = await serveRoutes(service);
  await service.start();

  const isBusy = async (): Promise<boolean> => {
    const at = now().toISOString();
    const [{ sources }] = await knex('source_status')
      .where('due_at', '<=', at)
      .orWhereNotNull('lease_until')
      .count({ sources: '*' });
    const [{ deployments }] = await knex('deployment')
      .where('due_at', '<=', at)
      .orWhereNotNull('lease_until')
      .count({ deployments: '*' });
    return Number(sources) + Number(deployments) > 0;
  };

  return {
    system,
    samples: [] as number[],
    /** Goes on in time and lets everything that is due be done. */
    async step() {
      clock += options.stepSeconds * 1000;
      let rounds = 0;
      do {
        if (++rounds > MOST_ROUNDS) {
          throw new Error(`Work stays due after ${MOST_ROUNDS} rounds`);
        }
        service.routeDeps.wakeSync();
        service.routeDeps.wakeDelivery();
        await turn();
      } while (await isBusy());
    },
    /** @returns in how many milliseconds a model's page was answered. */
    async answer(m: number): Promise<number> {
      const began = performance.now();
      const response = await fetch(
        `${server.url}/models/default/model-${m % options.models}`,
      );
      if (!response.ok) throw new Error(await response.text());
      await response.arrayBuffer();
      return performance.now() - began;
    },
    known: async () => knownTo(knex),
    /** How much of what the outside system has is not known yet, or known as it was before. */
    async behind() {
      const runs = system.runsSoFar();
      const newest = system.versions.at(-1)!.version;
      const freshAfter = new Date(clock - FRESH_MS).toISOString();
      const behind: Record<Capability, number> = {
        pipelines: 0,
        versions: 0,
        deployments: 0,
        monitors: 0,
      };
      for (const { entityRef } of specs) {
        const stored = await stores.runs.find(
          entityRef,
          runs.map(({ id }) => id),
        );
        behind.pipelines += runs.filter(
          ({ id, status }) => stored.get(id)?.status !== status,
        ).length;
        const versions = await stores.versions.find(
          entityRef,
          system.versions.map(({ version }) => version),
        );
        behind.versions += system.versions.length - versions.size;
        const live = await stores.live.current(entityRef);
        if (live.get('staging')?.version !== newest) behind.deployments += 1;
        const monitors = await stores.monitors.all(entityRef);
        const at = monitors.get('latency-p95')?.reading?.at;
        if (!at || at < freshAfter) behind.monitors += 1;
      }
      return behind;
    },
    /** Sources and deployments that failed when they were last asked, or are still on their way. */
    async unsettled(): Promise<number> {
      const [{ sources }] = await knex('source_status')
        .whereNotNull('error')
        .count({ sources: '*' });
      const [{ deployments }] = await knex('deployment')
        .whereNotNull('due_at')
        .count({ deployments: '*' });
      return Number(sources) + Number(deployments);
    },
    async close() {
      await service.stop();
      server.close();
      await knex.destroy();
    },
  };
}
