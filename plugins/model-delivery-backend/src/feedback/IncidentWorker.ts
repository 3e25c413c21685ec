import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
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
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #round: Promise<void> | undefined;
  #isWoken = false;

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
    this.#isStarted = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** Looks for due incidents now, once the worker has started. Never throws. */
  wake(): void {
    if (!this.#isStarted) return;
    if (this.#round) {
      this.#isWoken = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#round = this.#roundAndPlan().finally(() => {
      this.#round = undefined;
      if (this.#isWoken) {
        this.#isWoken = false;
        this.wake();
      }
    });
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

  async #roundAndPlan(): Promise<void> {
    let pauseMs = SWEEP_MS;
    try {
      await this.round();
      const next = await this.#stores.incidents.nextDueAt();
      if (next) {
        const inMs = Date.parse(next) - this.#now().getTime();
        pauseMs = Math.min(SWEEP_MS, Math.max(500, inMs));
      }
    } catch (error) {
      this.#logger.error('Due incidents could not be loaded', toError(error));
    }
    if (!this.#isStarted) return;
    this.#timer = setTimeout(() => this.wake(), pauseMs);
  }
}
