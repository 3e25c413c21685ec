/* eslint-disable @backstage/no-relative-monorepo-imports --
   The test runs the parts of the backend that deliver, which its package does not export. */
/**
 * The backend's deliveries and the embedded engine in a process of their own, which a test can kill.
 * It requests what the test asks for over IPC, and answers.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import { connect } from '../../../model-delivery-backend/src/database/migrate';
import { ProviderRegistry } from '../../../model-delivery-backend/src/providers/ProviderRegistry';
import { createService } from '../../../model-delivery-backend/src/service';
import type { LocalConfig } from '../config';
import { startEngine } from '../engine';
import { openAgain } from './testDatabase';

const [, , database, config] = process.argv;
const silent: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};
const unused: any = { publish: async () => undefined };
const metrics: any = {
  createObservableGauge: () => ({ addCallback: () => undefined }),
  createHistogram: () => ({ record: () => undefined }),
};

/** Requests a version in an environment of a model that is in the database. */
export interface DeliveryCommand {
  entityRef: string;
  environment: string;
  version: string;
  requestKey: string;
}

export interface DeliveryAnswer {
  requestKey: string;
  /** The deployment's id, or the error's message. */
  id?: string;
  error?: string;
}

async function main() {
  const knex = await openAgain(database);
  await connect({ getClient: async () => knex });
  const engine = await startEngine({
    config: JSON.parse(config) as LocalConfig,
    knex,
    logger: silent,
    report: () => {},
  });
  const registry = new ProviderRegistry();
  registry.add('deployments', engine.deployments);
  registry.add('versions', engine.versions);
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
    logger: silent,
    metrics,
  });
  await service.start();
  const { stores, delivery, wakeDelivery } = service.routeDeps;
  process.on('message', async (command: DeliveryCommand) => {
    const answer: DeliveryAnswer = { requestKey: command.requestKey };
    try {
      const model = await stores.models.get(command.entityRef);
      const { id } = await delivery.deploy(model!.spec, {
        ...command,
        reason: 'Test',
        by: 'user:default/ada',
        automatic: false,
        override: false,
      });
      answer.id = id;
    } catch (error) {
      answer.error = (error as Error).message;
    }
    process.send!(answer);
    wakeDelivery();
  });
  process.send!('started');
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
