import { InputError, NotAllowedError } from '@backstage/errors';
import type {
  EnvironmentSpec,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeploymentProvider,
  type EnvironmentTarget,
  ProviderError,
  type TargetIdentity,
} from '@slipway/plugin-model-delivery-node';
import type { GateInput } from '../policy/gateInput';
import { targetProblem, type TargetRule } from '../policy/targetRules';
import type { ProviderRegistry } from './ProviderRegistry';
import { sourceRepositoryOf } from './sourceRepository';
import { targetOf } from './targetOf';

const MAX_KEY = 500;

/** The physical targets of environments, and who may use them. */
export class Targets {
  readonly #registry: ProviderRegistry;
  readonly #rules: readonly TargetRule[];

  constructor(registry: ProviderRegistry, rules: readonly TargetRule[]) {
    this.#registry = registry;
    this.#rules = rules;
  }

  /**
   * @throws NotFoundError where no module brings the provider.
   * @throws InputError for a target that cannot be one.
   * @throws NotAllowedError for a target that the model may not use.
   */
  identify(spec: ModelSpec, environment: EnvironmentSpec): TargetIdentity {
    const { target } = environment;
    const provider = this.#registry.get('deployments', target.provider);
    const identity = identityOf(provider, {
      ...targetOf(spec, target),
      environment: environment.name,
    });
    const problem = targetProblem(
      { ...spec, sourceRepository: sourceRepositoryOf(spec) },
      identity.names,
      this.#rules,
    );
    if (problem) throw new NotAllowedError(problem);
    return identity;
  }

  /** What deploys to an environment, and what it can do; null where it is not installed. */
  deploysWith({ target }: EnvironmentSpec): GateInput['deploysWith'] {
    const provider = this.#registry.find('deployments', target.provider);
    return (
      (provider && {
        title: provider.title,
        splitsTraffic:
          provider.setTraffic !== undefined &&
          provider.getTraffic !== undefined,
        runsBatchJobs: provider.runsBatchJobs ?? false,
      }) ??
      null
    );
  }

  /** Why a model may not use one of its targets, or null. A target that cannot be identified yet is allowed. */
  problemOf(spec: ModelSpec): string | null {
    for (const environment of spec.environments) {
      if (!this.#registry.find('deployments', environment.target.provider)) {
        continue;
      }
      try {
        this.identify(spec, environment);
      } catch (error) {
        if (error instanceof NotAllowedError) return error.message;
        if (!(error instanceof InputError)) throw error;
      }
    }
    return null;
  }
}

function identityOf(
  provider: DeploymentProvider,
  target: EnvironmentTarget,
): TargetIdentity {
  let identity: TargetIdentity;
  try {
    identity = provider.identify(target);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new InputError(
      `The target of ${target.environment} cannot be used: ${error.message}`,
    );
  }
  if (identity.key.length > MAX_KEY) {
    throw new InputError(
      `The target of ${target.environment} has a key of ${identity.key.length} characters; at most ${MAX_KEY} are possible.`,
    );
  }
  return identity;
}
