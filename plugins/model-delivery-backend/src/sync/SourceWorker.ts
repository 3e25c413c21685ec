import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import type { Capability, HeldSource } from '../database/SourceStore';
import type { Stores } from '../database/stores';
import { problemOf } from '../providers/problemOf';
import type { Syncer } from './Syncer';

const TICK_MS = 1000;
const AT_ONCE = 16;
/** One system that does not answer takes no more places than this. */
const PER_PROVIDER = 8;
const TIMEOUT_MS = 30_000;
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;
const RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 300;

const CAPABILITY: Record<
  Exclude<ProviderChange['what'], 'models'>,
  Capability
> = {
  runs: 'pipelines',
  versions: 'versions',
  deployments: 'deployments',
  monitors: 'monitors',
};

/** How reading a source ended. */
interface Reading {
  outcome: string;
  /** Whether the model's summary may be different now. */
  hasNews: boolean;
  result: Parameters<Stores['sources']['finish']>[1];
}

interface Options {
  stores: Stores;
  syncers: Record<Capability, Syncer>;
  logger: LoggerService;
  /** Called after a source was read and something is new. A failure here is not the source's. */
  onRead: (entityRef: string) => Promise<void>;
  /** Called with how each reading ended. */
  onOutcome: (row: HeldSource, outcome: string, seconds: number) => void;
  now: () => Date;
}

/**
 * Reads what is due, a few sources at a time, each under a lease, so that several replicas share
 * the work. A source that fails backs off and keeps what it told before.
 */
export class SourceWorker {
  readonly #options: Options;
  readonly #inFlight = new Set<{ provider: string; done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #pumping = false;
  #woken = false;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), TICK_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.allSettled([...this.#inFlight].map(({ done }) => done));
  }

  /** Looks for due work now. Never throws. */
  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    if (!this.#pumping) void this.#pump();
  }

  /** Marks as due what a provider says has changed, and begins. Never throws. */
  hint(change: ProviderChange): void {
    if (change.what === 'models') return;
    const capability = CAPABILITY[change.what];
    void this.#markDue(change, capability)
      .then(() => this.wake())
      .catch(error =>
        this.#options.logger.warn(
          'Could not record a change notification',
          error,
        ),
      );
  }

  async #markDue(change: ProviderChange, capability: Capability) {
    const { stores, now } = this.#options;
    const at = now().toISOString();
    const { provider, model, subject } = change;
    if (!model) {
      await stores.sources.markDue({ provider, capability, subject }, at);
      return;
    }
    const entityRef = await stores.models.findRef(model);
    if (entityRef) {
      await stores.sources.markDue({ entityRef, provider, capability }, at);
    }
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (this.#woken && !this.#stopped) {
        this.#woken = false;
        if (this.#inFlight.size >= AT_ONCE) break;
        await this.#claimDue();
      }
    } catch (error) {
      this.#options.logger.error(
        'Due sources could not be loaded',
        error as Error,
      );
    } finally {
      this.#pumping = false;
    }
  }

  async #claimDue(): Promise<void> {
    const { sources } = this.#options.stores;
    const now = this.#options.now();
    const due = await sources.dueByProvider(now.toISOString());
    for (const [provider, count] of due) {
      const limit = Math.min(count, this.#roomFor(provider));
      if (limit <= 0) continue;
      const rows = await sources.claimDue(provider, {
        now: now.toISOString(),
        until: this.#leaseEnd(),
        limit,
      });
      for (const row of rows) this.#begin(row);
    }
  }

  #roomFor(provider: string): number {
    const working = [...this.#inFlight];
    const here = working.filter(work => work.provider === provider).length;
    return Math.min(PER_PROVIDER - here, AT_ONCE - working.length);
  }

  #leaseEnd(): string {
    return new Date(this.#options.now().getTime() + LEASE_MS).toISOString();
  }

  #begin(row: HeldSource): void {
    const work = { provider: row.provider, done: Promise.resolve() };
    work.done = this.#read(row)
      .catch(error =>
        this.#options.logger.error(
          `Reading ${row.source} of ${row.entityRef} could not be recorded`,
          error,
        ),
      )
      .finally(() => {
        this.#inFlight.delete(work);
        this.wake();
      });
    this.#inFlight.add(work);
  }

  async #read(row: HeldSource): Promise<void> {
    const { stores, now } = this.#options;
    const model = await stores.models.get(row.entityRef);
    if (!model) return;
    const lost = new AbortController();
    const renewing = setInterval(() => {
      stores.sources.renew(row, this.#leaseEnd()).then(
        kept => kept || lost.abort(new Error('The lease was lost.')),
        error =>
          this.#options.logger.warn('A lease could not be renewed', error),
      );
    }, RENEW_MS);
    const begun = now();
    let reading: Reading;
    try {
      reading = await this.#sync(row, model.spec, begun, lost.signal);
    } finally {
      clearInterval(renewing);
    }
    this.#options.onOutcome(
      row,
      reading.outcome,
      (now().getTime() - begun.getTime()) / 1000,
    );
    const recorded = await stores.sources.finish(row, reading.result);
    if (recorded && reading.hasNews) await this.#options.onRead(row.entityRef);
  }

  async #sync(
    row: HeldSource,
    spec: ModelSpec,
    begun: Date,
    lost: AbortSignal,
  ): Promise<Reading> {
    const { syncers, logger } = this.#options;
    const at = begun.toISOString();
    const inSeconds = (s: number) =>
      new Date(begun.getTime() + s * 1000).toISOString();
    try {
      const { changed, againInSeconds, missing } = await syncers[
        row.capability
      ].sync(spec, row.provider, {
        signal: AbortSignal.any([lost, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      if (missing && missing.message !== row.error?.message) {
        logger.warn(
          `${row.source} of ${row.entityRef} was read in part: ${missing.kind}: ${missing.message}`,
        );
      }
      const { kind, message } = missing ?? {};
      return {
        outcome: missing ? 'partial' : 'ok',
        hasNews: changed || row.error !== null,
        result: {
          fetchedAt: at,
          error: kind && message ? { kind, message, at, partial: true } : null,
          nextDueAt: inSeconds(againInSeconds),
        },
      };
    } catch (error) {
      const { kind, message, retryAfter } = problemOf(error, TIMEOUT_MS);
      logger.warn(`${row.source} of ${row.entityRef}: ${kind}: ${message}`);
      return {
        outcome: kind,
        hasNews: true,
        result: {
          fetchedAt: null,
          error: { kind, message, at },
          nextDueAt: inSeconds(
            retryAfter ??
              Math.min(MAX_RETRY_SECONDS, RETRY_SECONDS * 2 ** row.failures),
          ),
        },
      };
    }
  }
}
