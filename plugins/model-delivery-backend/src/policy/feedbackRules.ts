import type {
  FeedbackAction,
  FeedbackCondition,
  FeedbackRule,
  JudgedSample,
  MonitorState,
} from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';

/** Tells the rules of a model apart. A rule whose counts change stays the same rule. */
export const ruleKey = ({ when, then }: FeedbackRule): string =>
  [when.monitor, when.is, then].join('/');

/** How many of the newest samples a rule needs. */
export const samplesNeeded = ({ count, of }: FeedbackCondition): number =>
  Math.max(count, of);

const WEIGHT: Partial<Record<MonitorState, number>> = {
  healthy: 0,
  warning: 1,
  critical: 2,
  unavailable: 2,
};

/** Samples that say something to a rule: training again does not help a server that is down. */
const counted = (samples: JudgedSample[], then: FeedbackAction) =>
  samples.filter(
    ({ state }) =>
      WEIGHT[state] !== undefined &&
      !(then === 'retrain' && state === 'unavailable'),
  );

const isBad = (sample: JudgedSample, { is }: FeedbackCondition) =>
  WEIGHT[sample.state]! >= WEIGHT[is]!;

/**
 * The samples for which a rule opens an incident: the newest `of`, where at least `count` are bad.
 * Samples of which nothing is known neither open nor close one.
 *
 * @param samples - oldest first.
 * @returns undefined where it opens none.
 */
export function breaking(
  { when, then }: FeedbackRule,
  samples: JudgedSample[],
): JudgedSample[] | undefined {
  const newest = counted(samples, then).slice(-when.of);
  const bad = newest.filter(sample => isBad(sample, when));
  return bad.length >= when.count ? newest : undefined;
}

/**
 * Whether a rule has as many healthy samples in a row as it needs bad ones to open.
 *
 * @param samples - since it opened, oldest first.
 */
export function recovers(
  { when, then }: Pick<FeedbackRule, 'when' | 'then'>,
  samples: JudgedSample[],
): boolean {
  const newest = counted(samples, then).slice(-when.count);
  return (
    newest.length === when.count && newest.every(sample => !isBad(sample, when))
  );
}

/** Why a rule opened, in a sentence. */
export function describeBreak(
  { when }: FeedbackRule,
  samples: JudgedSample[],
): string {
  const bad = samples.filter(sample => isBad(sample, when)).length;
  return `${when.monitor} was ${when.is}${
    when.is === 'warning' ? ' or worse' : ''
  } in ${bad} of the last ${samples.length} samples; the rule allows fewer than ${when.count} of ${when.of}.`;
}

const DEFAULT_COOLDOWN = '1h';

/** What is known when a rule is to act. Times are RFC 3339, UTC. */
export interface FeedbackFacts {
  now: string;
  dryRun: boolean;
  /** Why feedback is off; null where it is on. */
  off: string | null;
  /** When an earlier incident of this rule acted; null where none did. */
  actedAt: string | null;
  /** Whether another incident trains this model. */
  isTraining: boolean;
  /** When feedback began trainings of this model in the last 24 hours. */
  retrainedAt: string[];
  retrainsPerDay: number;
}

export type FeedbackDecision =
  | { do: 'act' }
  | { do: 'describe' }
  /** `until` null: until somebody switches feedback on. */
  | { do: 'wait'; why: string; until: string | null };

const AGAIN_SECONDS = 60;
const DAY_SECONDS = 86_400;

/** Whether a rule acts now. The kill switch comes first, and a dry run acts on nothing. */
export function decideFeedback(
  rule: FeedbackRule,
  facts: FeedbackFacts,
): FeedbackDecision {
  const after = (at: string, seconds: number) =>
    new Date(Date.parse(at) + seconds * 1_000).toISOString();
  if (facts.off !== null) return { do: 'wait', why: facts.off, until: null };
  if (facts.dryRun || rule.dryRun) return { do: 'describe' };
  const cooldown = secondsOf(rule.cooldown ?? DEFAULT_COOLDOWN);
  if (facts.actedAt !== null && after(facts.actedAt, cooldown) > facts.now) {
    const until = after(facts.actedAt, cooldown);
    return {
      do: 'wait',
      why: `Cools down until ${until}, since the rule acted at ${facts.actedAt}.`,
      until,
    };
  }
  if (rule.then !== 'retrain') return { do: 'act' };
  if (facts.isTraining) {
    return {
      do: 'wait',
      why: 'Waits for the training of another incident of this model.',
      until: after(facts.now, AGAIN_SECONDS),
    };
  }
  const inDay = facts.retrainedAt
    .filter(at => after(at, DAY_SECONDS) > facts.now)
    .sort();
  if (inDay.length >= facts.retrainsPerDay) {
    const freed = inDay[inDay.length - facts.retrainsPerDay];
    const until = freed === undefined ? null : after(freed, DAY_SECONDS);
    return {
      do: 'wait',
      why: `The budget of ${facts.retrainsPerDay} trainings a day is spent${
        until ? ` until ${until}` : ''
      }. Retrain by hand, or raise modelDelivery.feedback.retrainsPerDay.`,
      until: until ?? after(facts.now, DAY_SECONDS),
    };
  }
  return { do: 'act' };
}
