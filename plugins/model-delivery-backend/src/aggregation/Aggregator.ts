import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { CHANGE_CHANNEL } from '@slipway/plugin-model-delivery-common';
import { shownDeployment } from '../database/deploymentRows';
import type { Interval } from '../database/LiveStore';
import type { StoredModel } from '../database/ModelStore';
import type { Stores } from '../database/stores';
import { candidateFor, liveVersions } from '../policy/candidate';
import type { Targets } from '../providers/Targets';
import { buildSummary, type SummaryInput } from './buildSummary';

/** How many stale summaries are read at once. */
const BATCH = 100;

/**
 * Keeps each model's row and page up to date on write, so that reading costs the same however long
 * the history. One refresh of a model runs at a time; what changes meanwhile makes one more.
 */
export class Aggregator {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();

  constructor(
    stores: Stores,
    targets: Targets,
    signals: SignalsService,
    logger: LoggerService,
    now: () => Date = () => new Date(),
  ) {
    this.#stores = stores;
    this.#targets = targets;
    this.#signals = signals;
    this.#logger = logger;
    this.#now = now;
  }

  /** Resolves when everything written before the call is in the summary. */
  async refresh(entityRef: string): Promise<void> {
    const running = this.#running.get(entityRef);
    if (running) {
      this.#again.add(entityRef);
      return running;
    }
    const work = this.#loop(entityRef).finally(() =>
      this.#running.delete(entityRef),
    );
    this.#running.set(entityRef, work);
    return work;
  }

  /** Builds the summaries that are older than what they are made of, such as after a crash. */
  async refreshStale(): Promise<void> {
    for (;;) {
      const refs = await this.#stores.models.staleRefs(BATCH);
      for (const ref of refs) await this.refresh(ref);
      if (refs.length < BATCH) return;
    }
  }

  async #loop(entityRef: string): Promise<void> {
    do {
      this.#again.delete(entityRef);
      await this.#refreshOnce(entityRef);
    } while (this.#again.has(entityRef));
  }

  async #refreshOnce(entityRef: string): Promise<void> {
    const model = await this.#stores.models.get(entityRef);
    if (!model || model.summarised >= model.changes) return;
    const summary = buildSummary(await this.#load(entityRef, model));
    const stored = await this.#stores.summaries.put(summary, model.changes);
    if (!stored) return;
    this.#signals
      .publish({
        recipients: { type: 'broadcast' },
        channel: CHANGE_CHANNEL,
        message: { changed: model.changeKey },
      })
      .catch(error =>
        this.#logger.debug(
          'A change could not be signalled; pages poll',
          error,
        ),
      );
  }

  async #load(entityRef: string, model: StoredModel): Promise<SummaryInput> {
    const stores = this.#stores;
    const one = { limit: 1 };
    const newest = await stores.versions.newest(entityRef);
    const live = await stores.live.current(entityRef);
    const previous = new Map<string, Interval>();
    for (const environment of model.spec.environments) {
      const before = await stores.live.previous(entityRef, environment.name);
      if (before) previous.set(environment.name, before);
    }
    const versions = await stores.versions.find(entityRef, [
      ...new Set([
        ...[...live.values()].map(i => i.version),
        ...(newest ? [newest.version] : []),
      ]),
    ]);
    const candidates = model.spec.environments
      .map(e => candidateFor(e, liveVersions(live, versions), newest))
      .flatMap(c => (c ? [c.version] : []));
    const sources = await stores.sources.ofModel(entityRef);
    const deliveries = await stores.deployments.list(entityRef, {}, one);
    return {
      model,
      newest,
      live,
      previous,
      versions,
      evidence: await stores.versions.evidenceOf(entityRef, 'version', [
        ...new Set(candidates),
        // The live versions matter only beside a candidate.
        ...(candidates.length > 0
          ? [...live.values()].map(i => i.version)
          : []),
      ]),
      latestRun: (await stores.runs.list(entityRef, {}, one)).items[0],
      lastDelivery: deliveries.items.map(shownDeployment)[0],
      waiting: (await stores.deployments.waitingOf(entityRef)).map(
        shownDeployment,
      ),
      open: (await stores.deployments.openOf(entityRef)).map(shownDeployment),
      monitors: await stores.monitors.all(entityRef),
      states: await stores.live.states(entityRef),
      deploysWith: new Map(
        model.spec.environments.map(environment => [
          environment.name,
          this.#targets.deploysWith(environment),
        ]),
      ),
      holds: await stores.holds.current(entityRef),
      stale: sources.some(s => s.failures > 0),
      now: this.#now().toISOString(),
    };
  }
}
