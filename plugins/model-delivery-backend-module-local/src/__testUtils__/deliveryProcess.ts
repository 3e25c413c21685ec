/**
 * The backend's deliveries and the embedded engine in a process of their own, which a test can kill.
 * It requests what the test asks for over IPC, and answers.
 */
import type { LocalConfig } from '../config';
import { startEngine } from '../engine';
import { deliveryService, SILENT } from './deliveryService';
import { dyingAt } from './dyingEngine';
import { openAgain } from './testDatabase';

const [, , database, config, diesAt] = process.argv;

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
  const started = await startEngine({
    config: JSON.parse(config) as LocalConfig,
    knex,
    logger: SILENT,
    report: () => {},
  });
  const engine = diesAt ? dyingAt(Number(diesAt), started) : started;
  const { service } = await deliveryService(knex, engine);
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
