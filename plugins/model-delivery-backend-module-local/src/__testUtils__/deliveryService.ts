/* eslint-disable @backstage/no-relative-monorepo-imports --
   Tests run the parts of the backend that deliver, which its package does not export. */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { connect } from '../../../model-delivery-backend/src/database/migrate';
import { ProviderRegistry } from '../../../model-delivery-backend/src/providers/ProviderRegistry';
import { createService } from '../../../model-delivery-backend/src/service';
import { declaredSources } from '../../../model-delivery-backend/src/sync/declaredSources';
import type { startEngine } from '../engine';
import type { TestEngine } from './testEngine';

export type DeliveryService = ReturnType<typeof createService>;
type Engine = Pick<
  Awaited<ReturnType<typeof startEngine>>,
  'pipelines' | 'versions' | 'deployments' | 'monitors'
>;

export const SILENT: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => SILENT,
};
const unused: any = { publish: async () => undefined };
const metrics: any = {
  createObservableGauge: () => ({ addCallback: () => undefined }),
  createHistogram: () => ({ record: () => undefined }),
};

/** The backend of model delivery on an engine and in its database, without a host and not yet started. */
export async function deliveryService(
  knex: Knex,
  engine: Engine,
): Promise<{ service: DeliveryService; registry: ProviderRegistry }> {
  const registry = new ProviderRegistry();
  registry.add('pipelines', engine.pipelines);
  registry.add('versions', engine.versions);
  registry.add('deployments', engine.deployments);
  registry.add('monitors', engine.monitors);
  await connect({ getClient: async () => knex });
  const service = createService({
    knex,
    registry,
    config: {
      targets: [{ owner: 'group:default/ml-platform', services: ['shared'] }],
      defaults: { environments: [], monitors: [] },
      retention: { samplesDays: 30, eventsDays: 365, runsDays: 365 },
      feedback: { retrainsPerDay: 3, dryRun: false },
    },
    dataAddresses: unused,
    catalog: unused,
    auth: unused,
    auditor: unused,
    signals: unused,
    notifications: { send: async () => undefined },
    events: unused,
    logger: SILENT,
    metrics,
  });
  return { service, registry };
}

/** The backend on an engine, started, with one model whose sources are due. */
export async function startDelivery(
  test: TestEngine,
  spec: ModelSpec,
): Promise<DeliveryService> {
  const { service, registry } = await deliveryService(test.knex, test.engine);
  const { models, sources } = service.routeDeps.stores;
  const now = new Date().toISOString();
  await models.upsert(spec, [], now);
  await sources.declare(spec.entityRef, declaredSources(spec, registry), now, {
    due: true,
  });
  await service.start();
  test.onChange = service.onChange;
  return service;
}
