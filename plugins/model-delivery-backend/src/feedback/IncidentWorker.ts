import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { WakeLoop } from '@slipway/plugin-model-delivery-node';
import type { HeldIncident } from '../database/incidentRows';
import type { Stores } from '../database/stores';
import type { IncidentSteps } from './IncidentSteps';

/** A step is given up long before. */
const LEASE_MS = 120_000;
/** How often to look for work that another process left behind. */
const SWEEP_MS = 15_000;
const RETRY_MS = 30_000;
const AT_ONCE = 8;

/**
 * Takes the steps of the incidents that are due, each under a lease, so that several replicas share the
 * work and one takes over from another that ended. While no incident is open it reads one index.
 */
export class IncidentWorker {
  readonly #stores: Stores;
  readonly #steps: IncidentSteps;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #loop = new WakeLoop(() => this.#roundAndPlan());

  constructor(options: {
    stores: Stores;
    steps: IncidentSteps;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#steps = options.steps;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Looks for due incidents now, once the worker has started. Never throws. */
  wake(): void {
    this.#loop.wake();
  }

  /** Takes one step of each incident that is due. */
  async round(): Promise<void> {
    const now = this.#now();
    const due = await this.#stores.incidents.claimDue({
      now: now.toISOString(),
      until: new Date(now.getTime() + LEASE_MS).toISOString(),
      limit: AT_ONCE,
    });
    await Promise.all(due.map(incident => this.#take(incident)));
  }

  async #take(incident: HeldIncident): Promise<void> {
    try {
      await this.#steps.take(incident);
    } catch (error) {
      this.#logger.warn(
        `Incident ${incident.id} of ${incident.entityRef} could not go on; trying again`,
        toError(error),
      );
      const at = new Date(this.#now().getTime() + RETRY_MS);
      await this.#stores.incidents.release(incident, at.toISOString());
    }
  }

  /** @returns in how many milliseconds to look again. */
  async #roundAndPlan(): Promise<number> {
    try {
      await this.round();
      const next = await this.#stores.incidents.nextDueAt(
        this.#now().toISOString(),
      );
      if (next) {
        const inMs = Date.parse(next) - this.#now().getTime();
        return Math.min(SWEEP_MS, Math.max(500, inMs));
      }
    } catch (error) {
      this.#logger.error('Due incidents could not be loaded', toError(error));
    }
    return SWEEP_MS;
  }
}
