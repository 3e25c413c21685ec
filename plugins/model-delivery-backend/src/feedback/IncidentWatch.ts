import type {
  FeedbackRule,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { StoredIncident } from '../database/incidentRows';
import type { Stores } from '../database/stores';
import {
  breaking,
  describeBreak,
  recovers,
  ruleKey,
  samplesNeeded,
} from '../policy/feedbackRules';

/** Samples that are older say nothing about now. */
const OLDEST_MS = 86_400_000;
/** A rule that a person dismissed looks for its healthy samples among so many. */
const HEALTHY_AMONG = 500;

/**
 * Opens and closes incidents from stored samples. It may be called at any time and any number of times,
 * by several replicas: an incident opens once, however often its rule breaks.
 */
export class IncidentWatch {
  readonly #stores: Stores;
  readonly #now: () => Date;

  constructor(options: { stores: Stores; now: () => Date }) {
    this.#stores = options.stores;
    this.#now = options.now;
  }

  /** @returns whether there is something to do about an incident of the model. */
  async consider(spec: ModelSpec): Promise<boolean> {
    const { incidents } = this.#stores;
    const rules = new Map(spec.feedback.map(rule => [ruleKey(rule), rule]));
    const orphans = (await incidents.openOf(spec.entityRef)).filter(
      incident => !rules.has(incident.ruleKey),
    );
    for (const orphan of orphans) {
      await this.#close(orphan, 'dismissed', {
        message: 'The entity no longer declares the rule.',
      });
    }
    if (rules.size === 0) return false;
    const newest = await incidents.newestOf(spec.entityRef, [...rules.keys()]);
    let hasNews = false;
    for (const [key, rule] of rules) {
      const last = newest.get(key);
      const changed =
        last && last.closedAt === null
          ? await this.#considerOpen(last)
          : await this.#considerOpening(spec, rule, last);
      hasNews ||= changed;
    }
    return hasNews;
  }

  async #considerOpening(
    spec: ModelSpec,
    rule: FeedbackRule,
    last: StoredIncident | undefined,
  ): Promise<boolean> {
    const monitor = spec.monitors.find(
      ({ name }) => name === rule.when.monitor,
    );
    if (!monitor || !(await this.#isArmed(rule, last))) return false;
    const now = this.#now().toISOString();
    const samples = breaking(
      rule,
      await this.#stores.monitors.judged(
        spec.entityRef,
        monitor.name,
        this.#after(last?.closedAt),
        samplesNeeded(rule.when),
      ),
    );
    if (!samples) return false;
    const live = await this.#stores.live.current(spec.entityRef);
    const opened = await this.#stores.incidents.open(
      {
        entityRef: spec.entityRef,
        environment: monitor.environment,
        version: live.get(monitor.environment)?.version ?? null,
        rule,
        ruleKey: ruleKey(rule),
        number: (last?.number ?? 0) + 1,
        samples,
        message: describeBreak(rule, samples),
      },
      now,
    );
    return opened !== undefined;
  }

  /** What a person dismissed opens again only after the monitor was healthy in between. */
  async #isArmed(
    rule: FeedbackRule,
    last: StoredIncident | undefined,
  ): Promise<boolean> {
    if (last?.cause !== 'dismissed') return true;
    const since = await this.#stores.monitors.judged(
      last.entityRef,
      last.monitor,
      last.closedAt!,
      HEALTHY_AMONG,
    );
    return since.some((_, end) => recovers(rule, since.slice(0, end + 1)));
  }

  /** Closes one of which nothing is under way when its monitor recovers, or another version is live. */
  async #considerOpen(open: StoredIncident): Promise<boolean> {
    const live = await this.#stores.live.current(open.entityRef);
    const version = live.get(open.environment)?.version;
    if (open.version && version && open.version !== version) {
      await this.#stores.incidents.markDue(
        open.entityRef,
        this.#now().toISOString(),
      );
      return true;
    }
    const samples = await this.#stores.monitors.judged(
      open.entityRef,
      open.monitor,
      this.#after(open.openedAt),
      samplesNeeded(open.when),
    );
    const isIdle = open.phase === 'watching' || open.actedAt === null;
    if (!isIdle || !recovers(open, samples)) return false;
    return this.#close(open, 'recovered', {
      message: `${open.monitor} recovered: ${open.when.count} healthy samples in a row.`,
    });
  }

  async #close(
    open: StoredIncident,
    cause: 'recovered' | 'dismissed',
    { message }: { message: string },
  ): Promise<boolean> {
    return this.#stores.incidents.move(
      open,
      {
        phase: 'closed',
        cause,
        message,
        dueAt: null,
        events: [{ type: 'closed', by: 'system', message }],
      },
      this.#now().toISOString(),
    );
  }

  #after(at: string | null | undefined): string {
    const oldest = new Date(this.#now().getTime() - OLDEST_MS).toISOString();
    return at && at > oldest ? at : oldest;
  }
}
