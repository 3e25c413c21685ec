import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Stores } from '../database/stores';
import type { DeploymentSteps } from './DeploymentSteps';

const POLL_MS = 500;
const LEASE_MS = 30_000;
/** Before what could not be done is tried again. */
const RETRY_MS = 5_000;

/**
 * Carries out open deployments, a step of each in a round. Every step can be done again, so whoever
 * holds the lease after a crash goes on where it was.
 */
export class DeploymentWorker {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #busy: Promise<void> | undefined;
  #again = false;

  constructor(
    private readonly options: {
      stores: Stores;
      steps: DeploymentSteps;
      logger: LoggerService;
      now: () => Date;
    },
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#busy;
  }

  /** Looks for open deployments now. Never throws. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = this.round()
      .catch(error =>
        this.options.logger.error('Deployments could not be followed', error),
      )
      .finally(() => {
        this.#busy = undefined;
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  /** One step of every deployment that nobody follows at the moment. */
  async round(): Promise<void> {
    const now = this.options.now();
    const claimed = await this.options.stores.deployments.claimOpen(
      now.toISOString(),
      new Date(now.getTime() + LEASE_MS).toISOString(),
    );
    await Promise.all(
      claimed.map(async deployment => {
        let pauseMs = 0;
        try {
          await this.options.steps.advance(deployment);
        } catch (error) {
          pauseMs = RETRY_MS;
          this.options.logger.warn(
            `Deployment ${deployment.id} of ${deployment.entityRef} could not be moved on; trying again`,
            error as Error,
          );
        } finally {
          await this.options.stores.deployments.release(
            deployment.id,
            new Date(this.options.now().getTime() + pauseMs).toISOString(),
          );
        }
      }),
    );
  }
}
