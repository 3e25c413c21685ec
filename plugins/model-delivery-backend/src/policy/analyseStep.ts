import type {
  RolloutLimits,
  RolloutStep,
  StepAnalysis,
  TrafficComparison,
  TrafficStats,
} from '@slipway/plugin-model-delivery-common/schema';
import { isAbove } from './proportions';

/**
 * Latencies that differ by less, in milliseconds, are alike: a scheduler alone makes such a difference,
 * and a ratio of two tiny durations says nothing.
 */
const ALIKE_MS = 5;

type Judgement = Pick<StepAnalysis, 'outcome' | 'sentence'>;

/**
 * Judges a step by what the candidate and the live version answered over the same stretch of time. A
 * step fails where chance does not explain the difference, passes where nothing is beyond its limit,
 * and is unknown in between and while too little was answered.
 */
export function analyseStep(
  step: Pick<RolloutStep, 'minRequests' | 'mirror'>,
  traffic: TrafficComparison,
  limits: RolloutLimits,
): Judgement {
  const { candidate, live } = traffic;
  if (Math.min(candidate.requests, live.requests) < step.minRequests) {
    return {
      outcome: 'unknown',
      sentence: `Too few requests for a verdict: the candidate answered ${candidate.requests} and the live version ${live.requests}; ${step.minRequests} of each are needed.`,
    };
  }
  const judgements = [
    judgeErrors(candidate, live, limits.maxErrorRate),
    judgeLatency(candidate, live, limits.maxP95Ratio),
    judgeMix(candidate, live, limits.maxMixDistance),
    ...(step.mirror ? [judgeAgreement(traffic, limits.minAgreement)] : []),
  ];
  const outcome =
    (['fail', 'unknown'] as const).find(one =>
      judgements.some(j => j.outcome === one),
    ) ?? 'pass';
  const told =
    outcome === 'pass'
      ? judgements
      : judgements.filter(j => j.outcome === outcome);
  return { outcome, sentence: `${told.map(j => j.sentence).join('; ')}.` };
}

function judgeErrors(
  candidate: TrafficStats,
  live: TrafficStats,
  limit: number,
): Judgement {
  const [here, there] = [candidate, live].map(
    ({ errors, requests }) => errors / requests,
  );
  const figures = `${percent(here)} of ${candidate.requests} requests failed, live ${percent(there)} of ${live.requests}`;
  if (here - there <= limit) {
    return {
      outcome: 'pass',
      sentence: `${figures}, limit ${percent(limit)} more`,
    };
  }
  return isAbove(
    { hits: candidate.errors, of: candidate.requests },
    { hits: live.errors, of: live.requests },
    limit,
  )
    ? {
        outcome: 'fail',
        sentence: `${figures}, limit ${percent(limit)} more`,
      }
    : {
        outcome: 'unknown',
        sentence: `${figures}: more than the limit of ${percent(limit)} more, but too few requests to rule out chance`,
      };
}

function judgeLatency(
  candidate: TrafficStats,
  live: TrafficStats,
  limit: number,
): Judgement {
  if (candidate.p95Ms === null || live.p95Ms === null) {
    return { outcome: 'unknown', sentence: 'no latency was measured' };
  }
  const figures = `p95 ${ms(candidate.p95Ms)}, live ${ms(live.p95Ms)}`;
  const exceeds = (here: number, there: number) =>
    here - there >= ALIKE_MS && here > there * limit;
  if (!exceeds(candidate.p95Ms, live.p95Ms)) {
    return { outcome: 'pass', sentence: figures };
  }
  const least = candidate.p95RangeMs?.low ?? candidate.p95Ms;
  const most = live.p95RangeMs?.high ?? live.p95Ms;
  return exceeds(least, most)
    ? { outcome: 'fail', sentence: `${figures}, limit ${limit} times live` }
    : {
        outcome: 'unknown',
        sentence: `${figures}: more than the limit of ${limit} times live, but too few requests to rule out chance`,
      };
}

function judgeMix(
  candidate: TrafficStats,
  live: TrafficStats,
  limit: number | null,
): Judgement {
  const distance = mixDistance(candidate.predictions, live.predictions);
  if (distance === null) {
    return {
      outcome: limit === null ? 'pass' : 'unknown',
      sentence: 'the mix of predictions is not known',
    };
  }
  const figures = `mix of predictions differs by ${percent(distance)}`;
  if (limit === null) return { outcome: 'pass', sentence: figures };
  return {
    outcome: distance > limit ? 'fail' : 'pass',
    sentence: `${figures}, limit ${percent(limit)}`,
  };
}

function judgeAgreement(
  { agreement }: TrafficComparison,
  limit: number | null,
): Judgement {
  if (!agreement) {
    return {
      outcome: limit === null ? 'pass' : 'unknown',
      sentence: 'no pair of predictions could be compared',
    };
  }
  const share = agreement.agreed / agreement.compared;
  const figures = `${percent(share)} of ${agreement.compared} copies were predicted alike`;
  if (limit === null) return { outcome: 'pass', sentence: figures };
  return {
    outcome: share < limit ? 'fail' : 'pass',
    sentence: `${figures}, limit ${percent(limit)}`,
  };
}

/**
 * The total variation distance of two mixes of predictions: 0 for the same shares, 1 where no prediction
 * occurs in both. Null where either is empty.
 */
export function mixDistance(
  a: TrafficStats['predictions'],
  b: TrafficStats['predictions'],
): number | null {
  const total = (mix: TrafficStats['predictions']) =>
    Object.values(mix).reduce((sum, count) => sum + count, 0);
  const [ofA, ofB] = [total(a), total(b)];
  if (ofA === 0 || ofB === 0) return null;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return (
    [...names].reduce(
      (sum, name) =>
        sum + Math.abs((a[name] ?? 0) / ofA - (b[name] ?? 0) / ofB),
      0,
    ) / 2
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(share < 0.1 ? 2 : 1))} %`;
}

function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}
