import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import express from 'express';
import knexFactory, { type Knex } from 'knex';
import { connect } from '../../../plugins/model-delivery-backend/src/database/migrate';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { createRouter } from '../../../plugins/model-delivery-backend/src/routes/createRouter';
import { createService } from '../../../plugins/model-delivery-backend/src/service';
import { declaredSources } from '../../../plugins/model-delivery-backend/src/sync/declaredSources';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
} from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { milliseconds, quantile } from './statistics.mjs';

/**
 * What pages cost, and what is known, while a share of all upstream calls fails at random: two
 * backends side by side, one whose outside system fails and one whose does not, by a simulated
 * clock.
 */
const MODELS = 40;
const SHARE = 0.3;
const STEP_SECONDS = 5;
const MINUTES = 10;
const ANSWERS_A_STEP = 20;
const SEED = 20261124;

const logger: any = new Proxy({}, { get: () => () => undefined });
const nothing: any = { publish: async () => undefined };
const metrics: any = {
  createObservableGauge: () => ({ addCallback: () => undefined }),
  createHistogram: () => ({ record: () => undefined }),
};

/** The same numbers at every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** An outside system of which a share of the calls fails. */
class FailingSystem extends FakeSystem {
  share = 0;
  calls = 0;
  failed = 0;

  constructor(chance: () => number) {
    super();
    Object.defineProperty(this, 'failing', {
      get: () => {
        this.calls += 1;
        if (chance() >= this.share) return undefined;
        this.failed += 1;
        return new ProviderError('unavailable', 'It failed by chance.');
      },
    });
  }
}

async function serve(share: number) {
  const knex: Knex = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await connect({ getClient: async () => knex });
  const system = new FailingSystem(chances(SEED));
  system.versions = [fakeVersion(1)];
  const registry = new ProviderRegistry();
  registry.add('pipelines', system);
  registry.add('versions', system);
  registry.add('deployments', system);
  registry.add('monitors', system);
  let clock = Date.UTC(2026, 0, 2);
  const now = () => new Date(clock);
  const stores = createStores(knex);
  const refs: string[] = [];
  for (let m = 0; m < MODELS; m++) {
    const entity = modelEntity(`model-${m}`);
    const spec = modelSpecFromEntity({
      ...entity,
      spec: { ...entity.spec, environments: [], monitors: [] },
    });
    refs.push(spec.entityRef);
    const at = now().toISOString();
    await stores.models.upsert(spec, [{ key: 'kind', value: 'mlmodel' }], at);
    await stores.sources.declare(
      spec.entityRef,
      declaredSources(spec, registry),
      at,
      { due: true },
    );
  }
  const service = createService({
    knex,
    registry,
    config: {
      defaults: { environments: [], monitors: [] },
      sampleRetentionDays: 30,
    },
    catalog: nothing,
    auth: nothing,
    signals: nothing,
    events: nothing,
    logger,
    metrics,
    now,
  });
  const app = express().use(
    createRouter(service.routeDeps, {
      httpAuth: {
        credentials: async () => ({ principal: { subject: 'benchmark' } }),
      } as any,
      auditor: nothing,
      authorizer: {
        assertVisible: async () => undefined,
        assertAllowed: async () => undefined,
        visibility: async () => () => undefined,
      } as any,
      findModel: service.findModel,
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const samples: number[] = [];
  return {
    share,
    system,
    samples,
    /** Goes on in time and lets everything that is due be read. */
    async step() {
      clock += STEP_SECONDS * 1000;
      for (;;) {
        service.routeDeps.wakeSync();
        await turn();
        const [{ open }] = await knex('source_status')
          .where('due_at', '<=', now().toISOString())
          .orWhereNotNull('lease_until')
          .count({ open: '*' });
        if (Number(open) === 0) return;
      }
    },
    async answer(m: number) {
      const began = performance.now();
      const response = await fetch(
        `http://127.0.0.1:${port}/models/default/model-${m % MODELS}`,
      );
      if (!response.ok) throw new Error(await response.text());
      await response.arrayBuffer();
      samples.push(performance.now() - began);
    },
    /** How many models know how many versions, and how many sources are failing. */
    async known() {
      const [{ versions }] = await knex('version').count({ versions: '*' });
      const [{ failing }] = await knex('source_status')
        .where('failures', '>', 0)
        .count({ failing: '*' });
      return { versions: Number(versions), failing: Number(failing) };
    },
    async close() {
      await service.stop();
      server.closeAllConnections();
      server.close();
      await knex.destroy();
    },
  };
}

async function main() {
  const sides = [await serve(0), await serve(SHARE)];
  for (const side of sides) await side.step();
  const [, failing] = sides;
  failing.system.share = SHARE;
  const steps = (MINUTES * 60) / STEP_SECONDS;
  let lost = 0;
  let before = (await failing.known()).versions;
  for (let step = 0; step < steps; step++) {
    // A version of all models every minute: something to miss.
    if (step % (60 / STEP_SECONDS) === 0) {
      const next = fakeVersion(step / (60 / STEP_SECONDS) + 2);
      for (const { system } of sides) {
        system.versions = [...system.versions, next];
      }
    }
    for (const side of sides) await side.step();
    const { versions } = await failing.known();
    if (versions < before) lost += before - versions;
    before = versions;
    for (let i = 0; i < ANSWERS_A_STEP; i++) {
      const order = i % 2 ? sides : [...sides].reverse();
      for (const side of order) await side.answer(step * ANSWERS_A_STEP + i);
    }
  }
  const during = await failing.known();
  const { calls, failed } = failing.system;
  failing.system.share = 0;
  let seconds = 0;
  const due = MODELS * failing.system.versions.length;
  for (;;) {
    const { versions, failing: open } = await failing.known();
    if (versions === due && open === 0) break;
    await failing.step();
    seconds += STEP_SECONDS;
    if (seconds > 3_600) throw new Error('It does not converge in an hour');
  }
  const [calm, rough] = sides.map(side => quantile(side.samples, 0.95));
  const ratio = rough / calm;
  console.log(
    `${MODELS} models, ${MINUTES} simulated minutes: ${failed} of ${calls} upstream calls failed (${((failed / calls) * 100).toFixed(0)} %)`,
  );
  console.log(
    `page p95 ${milliseconds(calm)} without failures, ${milliseconds(rough)} with them: ratio ${ratio.toFixed(3)} (at most 1.1) over ${sides[0].samples.length} answers each`,
  );
  console.log(
    `${lost} of what was known was lost; ${during.versions} of ${due} versions known at the end, all of them and no failing source ${seconds} s after the failures ended`,
  );
  for (const side of sides) await side.close();
  process.exitCode = ratio <= 1.1 && lost === 0 ? 0 : 1;
}

void main();
