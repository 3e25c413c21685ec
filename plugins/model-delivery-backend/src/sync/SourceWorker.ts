import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import type { Capability, SourceRow } from '../database/SourceStore';
import type { Stores } from '../database/stores';
import { problemOf } from '../providers/problemOf';
import type { Syncer } from './Syncer';

const TICK_MS = 1000;
const AT_ONCE = 8;
const TIMEOUT_MS = 30_000;
const LEASE_MS = 60_000;
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

/**
 * Reads what is due, a few sources at a time, each under a lease, so that several replicas share
 * the work. A source that fails backs off and keeps what it told before.
 */
export class SourceWorker {
  readonly #inFlight = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #pumping = false;
  #woken = false;

  constructor(
    private readonly options: {
      stores: Stores;
      syncers: Record<Capability, Syncer>;
      logger: LoggerService;
      /** Told after a source was read, with whether anything is new. */
      onRead: (entityRef: string) => Promise<void>;
      /** Told how each reading went. */
      onOutcome: (row: SourceRow, outcome: string, seconds: number) => void;
      now: () => Date;
    },
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.wake(), TICK_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.allSettled(this.#inFlight);
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
        this.options.logger.warn('A hint of a change was lost', error),
      );
  }

  async #markDue(change: ProviderChange, capability: Capability) {
    const { stores, now } = this.options;
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
        const room = AT_ONCE - this.#inFlight.size;
        if (room <= 0) break;
        const now = this.options.now();
        const rows = await this.options.stores.sources.claimDue(
          now.toISOString(),
          new Date(now.getTime() + LEASE_MS).toISOString(),
          room,
        );
        for (const row of rows) this.#begin(row);
      }
    } catch (error) {
      this.options.logger.error(
        'Due sources could not be read',
        error as Error,
      );
    } finally {
      this.#pumping = false;
    }
  }

  #begin(row: SourceRow): void {
    const work = this.#read(row)
      .catch(error =>
        this.options.logger.error(
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

  async #read(row: SourceRow): Promise<void> {
    const { stores, syncers, logger, now } = this.options;
    const model = await stores.models.get(row.entityRef);
    if (!model) return;
    const begun = now();
    const at = begun.toISOString();
    const tell = (outcome: string) =>
      this.options.onOutcome(
        row,
        outcome,
        (now().getTime() - begun.getTime()) / 1000,
      );
    const inSeconds = (s: number) =>
      new Date(begun.getTime() + s * 1000).toISOString();
    try {
      const { changed, againInSeconds, missing } = await syncers[
        row.capability
      ].sync(model.spec, row.provider, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      tell(missing ? 'partial' : 'ok');
      if (missing && missing.message !== row.error?.message) {
        logger.warn(
          `${row.source} of ${row.entityRef} was read in part: ${missing.kind}: ${missing.message}`,
        );
      }
      await stores.sources.finish(row, {
        fetchedAt: at,
        error: missing
          ? { kind: missing.kind, message: missing.message, at, partial: true }
          : null,
        nextDueAt: inSeconds(againInSeconds),
      });
      if (changed || row.error) await this.options.onRead(row.entityRef);
    } catch (error) {
      const { kind, message, retryAfter } = problemOf(error, TIMEOUT_MS);
      tell(kind);
      logger.warn(`${row.source} of ${row.entityRef}: ${kind}: ${message}`);
      await stores.sources.finish(row, {
        fetchedAt: null,
        error: { kind, message, at },
        nextDueAt: inSeconds(
          retryAfter ??
            Math.min(MAX_RETRY_SECONDS, RETRY_SECONDS * 2 ** row.failures),
        ),
      });
      await this.options.onRead(row.entityRef);
    }
  }
}
