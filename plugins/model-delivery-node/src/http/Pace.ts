import { LRUCache } from 'lru-cache';
import type { Budget } from '../providers/common';
import { RESERVE } from './Budgets';
import { Meter } from './Meter';

type Activity = 'busy' | 'quiet';

/** Seconds between two looks at a repository, where nothing is scarce. */
const WITH_WEBHOOKS = { busy: 180, quiet: 1_800 };
const WITHOUT_WEBHOOKS = { busy: 20, quiet: 300 };
/** However scarce it is. */
const LONGEST = { busy: 900, quiet: 3_600 };
/** Between two webhooks about one repository that are acted on. */
const SPACING = 15;
const LONGEST_SPACING = 900;

/** A webhook that came so long ago says nothing of those that may come. */
const WEBHOOKS_FRESH_MS = 2 * 3_600_000;
const FOLLOWED_MS = 2 * 3_600_000;
const MOST_FOLLOWED = 100_000;

const HOUR_SECONDS = 3_600;
/** Of the limit, what looking may plan to spend; the rest is for what people do and for bursts. */
const SHARE = 0.7;
/** Looks whose cost is assumed, until there is experience. */
const PRIOR_LOOKS = 10;

const CORRECT_EVERY_MS = 10_000;
const CORRECTION = { least: 0.98, most: 1.25 };
const MOST_STRETCH = 60;
const RECENT_MINUTES = 5;

/** How much an outside system lets one credential ask. */
export interface Allowance {
  /** Requests a period, until an answer tells the limit. */
  usual: number;
  periodSeconds: number;
  /** Requests an hour, counted or not: systems mind the sheer number too. */
  mostAnHour: number;
}

interface Options {
  budget: () => Budget | null;
  allowance: Allowance;
  now: () => number;
}

/**
 * How often to look, so that the budget lasts. Two things stretch the pace: the plan, which
 * is the number of repositories times what a look was seen to cost; and the correction, which is
 * what is really spent against what is really left, webhooks and all.
 */
export class Pace {
  readonly #options: Options;
  readonly #meter: Meter;
  readonly #followed: LRUCache<string, Activity>;
  #webhookAt = -Infinity;
  #correction = 1;
  #correctedAt = -Infinity;

  constructor(options: Options) {
    this.#options = options;
    this.#meter = new Meter(options.now);
    this.#followed = new LRUCache({
      max: MOST_FOLLOWED,
      ttl: FOLLOWED_MS,
      perf: { now: options.now },
      ttlResolution: 0,
    });
  }

  looked(subject: string, busy: boolean): void {
    this.#followed.set(subject, busy ? 'busy' : 'quiet');
    this.#meter.add({ looks: 1 });
  }

  answered(counted: boolean): void {
    this.#meter.add({ asked: 1, counted: counted ? 1 : 0 });
  }

  heardOf(): void {
    this.#webhookAt = this.#options.now();
  }

  lookAgainInSeconds(activity: Activity): number {
    const stretch = Math.max(this.#plan(), this.#corrected());
    return Math.round(
      Math.min(LONGEST[activity], this.#base()[activity] * stretch),
    );
  }

  /** Between two webhooks about one repository that are acted on. */
  spacingSeconds(): number {
    return Math.min(LONGEST_SPACING, SPACING * this.#corrected());
  }

  #base(): Record<Activity, number> {
    const fresh = this.#options.now() - this.#webhookAt < WEBHOOKS_FRESH_MS;
    return fresh ? WITH_WEBHOOKS : WITHOUT_WEBHOOKS;
  }

  #plan(): number {
    const base = this.#base();
    let looks = 0;
    for (const activity of this.#followed.values()) {
      looks += HOUR_SECONDS / base[activity];
    }
    const hour = this.#meter.last(60);
    const each = (n: number) => (n + PRIOR_LOOKS) / (hour.looks + PRIOR_LOOKS);
    const { budget, allowance } = this.#options;
    const anHour =
      ((budget()?.limit ?? allowance.usual) * HOUR_SECONDS) /
      allowance.periodSeconds;
    return Math.max(
      1,
      (looks * each(hour.counted)) / (anHour * SHARE),
      (looks * each(hour.asked)) / allowance.mostAnHour,
    );
  }

  #corrected(): number {
    const now = this.#options.now();
    if (now - this.#correctedAt < CORRECT_EVERY_MS) return this.#correction;
    this.#correctedAt = now;
    const budget = this.#options.budget();
    const ratio = budget ? this.#spentToLeft(budget, now) : 1;
    const step = Math.min(CORRECTION.most, Math.max(CORRECTION.least, ratio));
    this.#correction = Math.min(
      MOST_STRETCH,
      Math.max(1, this.#correction * step),
    );
    return this.#correction;
  }

  /** What would be spent until the budget is new, going on as now, against what is left of it. */
  #spentToLeft(budget: Budget, now: number): number {
    const { counted } = this.#meter.last(RECENT_MINUTES);
    const seconds = Math.max(1, (Date.parse(budget.resetsAt) - now) / 1000);
    const left = budget.remaining - budget.limit * RESERVE;
    if (left <= 0) return CORRECTION.most;
    return ((counted / (RECENT_MINUTES * 60)) * seconds) / left;
  }
}
