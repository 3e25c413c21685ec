import type { LoggerService } from '@backstage/backend-plugin-api';
import { WakeLoop } from '@slipway/plugin-model-delivery-node';
import type { HeldDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { DeploymentReconciler } from './DeploymentReconciler';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
/** How often to look for work that another process left behind. */
const SWEEP_MS = 5_000;
/** Before a step that could not be recorded is tried again. */
const RETRY_MS = 5_000;
/** How soon to look again while there is more to do than room. */
const NO_ROOM_MS = 500;
const AT_ONCE = 32;
/** One system that does not answer takes no more places than this. */
const PER_PROVIDER = 8;

/**
 * Reconciles the deployments that are due, each under a lease that is renewed while its step runs, so
 * that several replicas share the work and one takes over from another that ended.
 */
export class DeploymentWorker {
  readonly #stores: Stores;
  readonly #reconciler: DeploymentReconciler;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #inFlight = new Set<{
    provider: string;
    abort: AbortController;
    done: Promise<void>;
  }>();
  readonly #loop = new WakeLoop(() => this.#claimAndPlan());

  constructor(options: {
    stores: Stores;
    reconciler: DeploymentReconciler;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#reconciler = options.reconciler;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    for (const { abort } of this.#inFlight) {
      abort.abort(new Error('The backend is stopping.'));
    }
    await this.idle();
  }

  /** Looks for due deployments now, once the worker has started. Never throws. */
  wake(): void {
    this.#loop.wake();
  }

  /** Looks at the open deployments of a provider at once, which reported a change. Never throws. */
  hint(change: { provider: string; entityRef?: string }): void {
    this.#stores.execution
      .markDue(change, this.#now().toISOString())
      .catch(error =>
        this.#logger.warn('Could not record a change notification', error),
      )
      .finally(() => this.wake());
  }

  /** Claims what is due, as far as there is room, and begins it. */
  async claimDue(): Promise<void> {
    const { execution } = this.#stores;
    const now = this.#now();
    const due = await execution.dueByProvider(now.toISOString());
    for (const [provider, count] of due) {
      const limit = Math.min(count, this.#roomFor(provider));
      if (limit <= 0) continue;
      const claimed = await execution.claim(provider, {
        now: now.toISOString(),
        until: this.#leaseEnd(),
        limit,
      });
      for (const held of claimed) this.#begin(held, provider);
    }
  }

  /** Resolves when no step runs. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) {
      await Promise.all([...this.#inFlight].map(({ done }) => done));
    }
  }

  #roomFor(provider: string): number {
    const working = [...this.#inFlight];
    const here = working.filter(work => work.provider === provider).length;
    return Math.min(PER_PROVIDER - here, AT_ONCE - working.length);
  }

  /** @returns in how many milliseconds to look again. */
  async #claimAndPlan(): Promise<number> {
    try {
      await this.claimDue();
      const next = await this.#stores.execution.nextDueAt(
        this.#now().toISOString(),
      );
      if (next) {
        const inMs = Date.parse(next) - this.#now().getTime();
        // What is due and was not claimed waits for room, and the end of a step looks again.
        return inMs > 0 ? Math.min(SWEEP_MS, inMs) : NO_ROOM_MS;
      }
    } catch (error) {
      this.#logger.error('Due deployments could not be loaded', error as Error);
    }
    return SWEEP_MS;
  }

  #begin(held: HeldDeployment, provider: string): void {
    const abort = new AbortController();
    const work = { provider, abort, done: Promise.resolve() };
    work.done = this.#step(held, abort)
      .catch(error =>
        this.#logger.error(
          `Deployment ${held.id} of ${held.entityRef} could not be reconciled; trying again`,
          error,
        ),
      )
      .finally(() => {
        this.#inFlight.delete(work);
        this.wake();
      });
    this.#inFlight.add(work);
  }

  async #step(held: HeldDeployment, abort: AbortController): Promise<void> {
    const { execution } = this.#stores;
    const renewing = setInterval(() => {
      execution.renew(held, this.#leaseEnd()).then(
        kept => kept || abort.abort(new Error('The lease was lost.')),
        error => this.#logger.warn('A lease could not be renewed', error),
      );
    }, RENEW_MS);
    let left = held;
    let dueAt: string | null = new Date(
      this.#now().getTime() + RETRY_MS,
    ).toISOString();
    try {
      ({ held: left, dueAt } = await this.#reconciler.reconcile(
        held,
        abort.signal,
      ));
    } finally {
      clearInterval(renewing);
      await execution.release(left, dueAt);
    }
  }

  #leaseEnd(): string {
    return new Date(this.#now().getTime() + LEASE_MS).toISOString();
  }
}
