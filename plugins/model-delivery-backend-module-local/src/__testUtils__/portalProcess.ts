/**
 * An engine in a process of its own, which a test can kill. It does what the test asks for over
 * IPC, and answers.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentTarget } from '@slipway/plugin-model-delivery-node';
import type { LocalConfig } from '../config';
import { startEngine } from '../engine';
import { openTestDatabase } from './testDatabase';

const [, , database, config] = process.argv;
const silent: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};

export interface DeployCommand {
  target: EnvironmentTarget;
  version: string;
  deploymentId: string;
}

async function main() {
  const engine = await startEngine({
    config: JSON.parse(config) as LocalConfig,
    knex: await openTestDatabase(database),
    logger: silent,
    report: () => {},
  });
  process.on('message', async (command: DeployCommand) => {
    const context = { signal: new AbortController().signal };
    const { target, version, deploymentId } = command;
    const { digest } = await engine.versions.getVersion(
      target,
      version,
      context,
    );
    await engine.deployments.deploy(
      target,
      {
        deploymentId,
        version,
        digest,
        artifactUri: null,
        openBundle: () => engine.versions.openBundle(target, version, context),
      },
      context,
    );
    process.send!('deploying');
  });
  process.send!('started');
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
