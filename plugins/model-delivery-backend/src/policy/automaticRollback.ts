import type {
  DeploymentAction,
  EnvironmentSpec,
  Monitor,
} from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';

/** The version that is live in an environment, and how it came there. */
export interface LiveNow {
  version: string;
  /** When it became live; RFC 3339, UTC. */
  from: string;
  action: DeploymentAction;
}

/**
 * The monitor for which an environment goes back by itself, or undefined. It broke after the version went
 * live and within the bake time: what broke before is the failure of an earlier deployment. A roll back
 * is never rolled back, so that two bad versions do not take turns.
 */
export function breakInBakeTime(
  environment: EnvironmentSpec,
  live: LiveNow,
  monitors: Iterable<Monitor>,
): Monitor | undefined {
  const bake = environment.automaticRollback?.bakeTime;
  if (bake === undefined || live.action === 'rollback') return undefined;
  const fromMs = Date.parse(live.from);
  const untilMs = fromMs + secondsOf(bake) * 1_000;
  return [...monitors].find(({ environment: of, state, since, reading }) => {
    if (of !== environment.name || since === null) return false;
    if (state !== 'critical' && state !== 'unavailable') return false;
    const isItsOwn = [null, undefined, live.version].includes(reading?.version);
    const sinceMs = Date.parse(since);
    return isItsOwn && sinceMs >= fromMs && sinceMs <= untilMs;
  });
}
