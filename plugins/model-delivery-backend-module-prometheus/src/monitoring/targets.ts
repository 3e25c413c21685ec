import type { PrometheusApi } from '../upstream/PrometheusApi';

/** Whether the targets behind a query answer Prometheus. */
export type Targets =
  | { state: 'up'; reason: string | null }
  /** Prometheus knows none, or knew one and does not any more. */
  | { state: 'unknown'; reason: string }
  /** None answers. */
  | { state: 'down'; for: 'a moment' | 'long'; reason: string };

export interface TargetLimits {
  unavailableAfterSeconds: number;
  minStepSeconds: number;
}

const MOST_STEPS = 300;
/** How much further back than the time limit is looked for the last answer. */
const LOOK_BACK = 10;

/**
 * Asks whether targets answer. A target that died makes its series end, and a query over a stretch
 * of time goes on answering with what was before: only `up` tells.
 *
 * @param up - a selector.
 * @param now - milliseconds.
 */
export async function readTargets(
  api: PrometheusApi,
  up: string,
  limits: TargetLimits,
  now: number,
  signal: AbortSignal,
): Promise<Targets> {
  const { data } = await api.query(`count_values("up", ${up})`, signal);
  const counts =
    data.resultType === 'vector'
      ? data.result.map(({ metric, value }) => ({
          up: Number(metric.up),
          count: value?.[1] ?? 0,
        }))
      : [];
  const sum = (matches: (up: number) => boolean) =>
    counts
      .filter(item => matches(item.up))
      .reduce((total, { count }) => total + count, 0);
  const all = sum(() => true);
  const answering = sum(value => value > 0);
  if (answering > 0) {
    return {
      state: 'up',
      reason:
        answering < all
          ? `${all - answering} of ${all} targets do not answer Prometheus (${up}).`
          : null,
    };
  }
  const history = await readHistory(api, up, limits, now, signal);
  return all === 0 ? vanished(up, history) : dead(up, history, limits, now);
}

interface History {
  firstKnown: number | null;
  lastKnown: number | null;
  lastUp: number | null;
}

async function readHistory(
  api: PrometheusApi,
  up: string,
  { unavailableAfterSeconds, minStepSeconds }: TargetLimits,
  now: number,
  signal: AbortSignal,
): Promise<History> {
  const end = now / 1_000;
  const length = unavailableAfterSeconds * LOOK_BACK;
  const step = Math.max(minStepSeconds, Math.ceil(length / MOST_STEPS));
  const [series] = await api.queryRange(
    `max(${up})`,
    { start: end - length, end, step },
    signal,
  );
  const samples = series?.values ?? [];
  return {
    firstKnown: samples[0]?.[0] ?? null,
    lastKnown: samples.at(-1)?.[0] ?? null,
    lastUp: samples.findLast(([, value]) => value > 0)?.[0] ?? null,
  };
}

function vanished(up: string, { lastKnown }: History): Targets {
  return {
    state: 'unknown',
    reason:
      lastKnown === null
        ? `Prometheus has no target ${up}.`
        : `The target is gone from Prometheus since ${timeOf(lastKnown)} (${up}).`,
  };
}

function dead(
  up: string,
  { firstKnown, lastUp }: History,
  { unavailableAfterSeconds }: TargetLimits,
  now: number,
): Targets {
  const since = lastUp ?? firstKnown ?? now / 1_000;
  return {
    state: 'down',
    for: now / 1_000 - since >= unavailableAfterSeconds ? 'long' : 'a moment',
    reason: `No target has answered Prometheus since ${timeOf(since)} (${up} is 0).`,
  };
}

function timeOf(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}
