import type {
  EnvironmentSpec,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';

/** How a candidate comes into an environment. */
export interface PromotionStep {
  environment: EnvironmentSpec;
  /**
   * `automatic`: automatic delivery brings it there. `request`: people are asked to approve it there.
   * `by-hand`: only a person brings it there.
   */
  way: 'automatic' | 'request' | 'by-hand';
}

/**
 * The first environment on the way to `goal` in which a candidate was never live. Pure.
 *
 * @param wasLiveIn - the environments in which it is or was live.
 * @returns undefined where it was live in all of them.
 */
export function promotionStep(
  spec: ModelSpec,
  goal: string,
  wasLiveIn: ReadonlySet<string>,
): PromotionStep | undefined {
  const way: EnvironmentSpec[] = [];
  const find = (name?: string) => spec.environments.find(e => e.name === name);
  for (let next = find(goal); next; next = find(next.after)) way.unshift(next);
  const environment = way.find(({ name }) => !wasLiveIn.has(name));
  if (!environment) return undefined;
  if (environment.approvals) return { environment, way: 'request' };
  return {
    environment,
    way: environment.deploy === 'automatic' ? 'automatic' : 'by-hand',
  };
}
