import { randomUUID } from 'node:crypto';
import { ConflictError } from '@backstage/errors';
import type { DeploymentEntry } from '@slipway/plugin-model-delivery-common';
import type {
  DeploymentAction,
  DeploymentDetail,
  EnvironmentSpec,
  GateReport,
  ModelSpec,
  Rollout,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type Hold,
  shownDeployment,
  type StoredDeployment,
} from '../database/deploymentRows';
import { AlreadyOpenError } from '../database/DeploymentStore';
import type { Stores } from '../database/stores';
import type { Targets } from '../providers/Targets';

export interface DeployOrder {
  environment: string;
  version: string;
  reason: string;
  /** Entity ref of a person, or `system`. */
  by: string;
  automatic: boolean;
  /** Deploys although gates fail or are unknown; the history shows it. */
  override: boolean;
  /** Unique to the request: a second request with the same key has no effect. */
  requestKey: string;
  /** The run that asks for it and carries it out, where one does. */
  questionId?: string;
  /** A request that waits and ends with this one. */
  replaces?: string;
}

/** What was decided about an order, and is stored with it. */
export interface Outcome {
  action: DeploymentAction;
  fromVersion: string | null;
  overridden: boolean;
  /** Whether automatic delivery is held back in the environment from now on. */
  holds: boolean;
  entry: DeploymentEntry;
  hold: Hold | null;
  message: string;
  rollout: Rollout | null;
  report: GateReport | null;
  fingerprint: string | null;
  /** The digest of a version that is served already, and so is live at once. */
  served?: { digest: string | null };
}

/** Stores the orders that the services of this folder decided on, once each. */
export class DeploymentRequests {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #onChanged: (entityRef: string) => Promise<void>;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    targets: Targets;
    /** Called after something was written. */
    onChanged: (entityRef: string) => Promise<void>;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#targets = options.targets;
    this.#onChanged = options.onChanged;
    this.#now = options.now;
  }

  /** The deployment that a request with this key made before. */
  async made(requestKey: string): Promise<DeploymentDetail | undefined> {
    const used = await this.#stores.deployments.byRequestKey(requestKey);
    return used && this.detail(used);
  }

  /**
   * @throws ConflictError where another deployment is open or waits, with its id as `deploymentId`.
   * @throws ProviderError `forbidden` for a target that the model may not use, `bad-data` for one that
   *   cannot be one.
   */
  async create(
    spec: ModelSpec,
    environment: EnvironmentSpec,
    order: DeployOrder,
    outcome: Outcome,
  ): Promise<DeploymentDetail> {
    const { report, served, ...rest } = outcome;
    const { key } = this.#targets.identify(spec, environment);
    const version = await this.#stores.versions.get(
      spec.entityRef,
      order.version,
    );
    try {
      const { deployment } = await this.#stores.deployments.create(
        {
          ...rest,
          id: randomUUID(),
          entityRef: spec.entityRef,
          environment: order.environment,
          version: order.version,
          automatic: order.automatic,
          reason: order.reason,
          requestedBy: order.by,
          buildRunId: version?.runId ?? null,
          gates: report?.gates ?? [],
          target: environment.target,
          targetKey: key,
          requestKey: order.requestKey,
          questionId: order.questionId ?? null,
          replaces: order.replaces ?? null,
          served: served ?? null,
        },
        this.#now().toISOString(),
      );
      await this.#onChanged(spec.entityRef);
      return await this.detail(deployment);
    } catch (error) {
      if (error instanceof AlreadyOpenError) {
        throw conflictWith(error.first, spec.entityRef);
      }
      throw error;
    }
  }

  async detail(stored: StoredDeployment): Promise<DeploymentDetail> {
    return {
      ...shownDeployment(stored),
      events: await this.#stores.deployments.events(stored.id),
      approval: null,
    };
  }
}

/** Names the deployment that was first. Another model's is not described: it may be hidden. */
function conflictWith(
  first: StoredDeployment,
  entityRef: string,
): ConflictError {
  if (first.state === 'waiting') {
    const message = `${first.requestedBy} has already requested ${first.version} in ${first.environment} (deployment ${first.id}), and it waits. Only one deployment can wait per environment: cancel it to request another one.`;
    return Object.assign(new ConflictError(message), {
      deploymentId: first.id,
    });
  }
  const what = first.action === 'rollback' ? 'rolling back to' : 'deploying';
  const message =
    first.entityRef === entityRef
      ? `${first.requestedBy} is already ${what} ${first.version} in ${first.environment} (deployment ${first.id}). Only one deployment can be open per environment.`
      : `Another model is deploying to the same target (deployment ${first.id}). Only one deployment can be open per target.`;
  return Object.assign(new ConflictError(message), { deploymentId: first.id });
}
