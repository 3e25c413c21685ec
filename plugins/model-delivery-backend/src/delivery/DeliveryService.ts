import { randomUUID } from 'node:crypto';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  type DeploymentAction,
  type DeploymentDetail,
  type DeploymentState,
  type GateReport,
  type ModelSpec,
  OPEN_STATES,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  shownDeployment,
  type StoredDeployment,
} from '../database/deploymentRows';
import { AlreadyOpenError } from '../database/DeploymentStore';
import type { Stores } from '../database/stores';
import { environmentOf, gatesOf } from './gatesOf';
import { rollbackTarget } from './rollbackTarget';

export interface DeployOrder {
  environment: string;
  version: string;
  reason: string;
  /** Entity ref of a person, or `system`. */
  by: string;
  automatic: boolean;
  idempotencyKey: string;
}

/**
 * Asks for deployments and roll backs. What it writes is all that is needed to carry them out, so
 * a crash after it loses nothing.
 */
export class DeliveryService {
  constructor(
    private readonly options: {
      stores: Stores;
      /** Told after something was written. */
      onChanged: (entityRef: string) => Promise<void>;
      now: () => Date;
    },
  ) {}

  /**
   * Asks for a version in an environment. A gate that fails or is unknown ends the request as
   * `blocked`, with its reasons.
   *
   * @throws ConflictError when a deployment is open there, naming it.
   */
  async deploy(spec: ModelSpec, order: DeployOrder): Promise<DeploymentDetail> {
    const { stores } = this.options;
    const used = await stores.deployments.byIdempotencyKey(
      spec.entityRef,
      order.idempotencyKey,
    );
    if (used) return this.#detail(used);
    const environment = environmentOf(spec, order.environment);
    const live = await stores.live.current(spec.entityRef);
    const here = live.get(order.environment);
    if (here?.version === order.version) {
      throw new ConflictError(
        `${order.version} is live in ${order.environment} already`,
      );
    }
    const report = await gatesOf(
      stores,
      spec,
      order.environment,
      order.version,
      this.#now(),
    );
    const stops = report.outcome === 'fail' || report.outcome === 'unknown';
    const promotes =
      environment.after !== undefined &&
      live.get(environment.after)?.version === order.version;
    return this.#create(spec, order, {
      action: promotes ? 'promote' : 'deploy',
      fromVersion: here?.version ?? null,
      state: stops ? 'blocked' : 'requested',
      message: stops ? report.summary : `Waits for its turn. ${report.summary}`,
      report,
    });
  }

  /**
   * Brings back a version that was live before. Gates are not asked: what was live once is known,
   * and going back must be possible when evidence cannot be had.
   */
  async rollback(
    spec: ModelSpec,
    order: Omit<DeployOrder, 'version' | 'automatic'> & { to?: string },
  ): Promise<DeploymentDetail> {
    const { stores } = this.options;
    const used = await stores.deployments.byIdempotencyKey(
      spec.entityRef,
      order.idempotencyKey,
    );
    if (used) return this.#detail(used);
    environmentOf(spec, order.environment);
    const { items } = await stores.live.history(
      spec.entityRef,
      order.environment,
      undefined,
      { limit: 100 },
    );
    const target = rollbackTarget(items, order.to);
    if ('problem' in target) throw new InputError(target.problem);
    return this.#create(
      spec,
      { ...order, version: target.version, automatic: false },
      {
        action: 'rollback',
        fromVersion: items[0]?.version ?? null,
        state: 'requested',
        message: `Goes back to ${target.version}, at once and for all traffic.`,
        report: null,
      },
    );
  }

  /**
   * Ends an open deployment; what was live stays live. Whoever carries it out is told by the worker,
   * once that is not just about to begin it, and until it heard.
   */
  async cancel(
    entityRef: string,
    deploymentId: string,
    by: string,
  ): Promise<DeploymentDetail> {
    const { stores } = this.options;
    const found = await stores.deployments.get(deploymentId);
    if (!found || found.entityRef !== entityRef) {
      throw new NotFoundError(`There is no deployment ${deploymentId}`);
    }
    const moved =
      OPEN_STATES.includes(found.state) &&
      (await stores.deployments.transition(
        found,
        {
          state: 'cancelled',
          message: 'Cancelled before it was live.',
          by,
          stop: true,
        },
        this.#now(),
      ));
    if (!moved) {
      throw new ConflictError(
        `The deployment of ${found.version} to ${found.environment} has ended already; roll back to undo it`,
      );
    }
    await this.options.onChanged(entityRef);
    return this.get(entityRef, deploymentId);
  }

  /** @throws NotFoundError */
  async get(
    entityRef: string,
    deploymentId: string,
  ): Promise<DeploymentDetail> {
    const found = await this.options.stores.deployments.get(deploymentId);
    if (!found || found.entityRef !== entityRef) {
      throw new NotFoundError(`There is no deployment ${deploymentId}`);
    }
    return this.#detail(found);
  }

  async #create(
    spec: ModelSpec,
    order: DeployOrder,
    outcome: {
      action: DeploymentAction;
      fromVersion: string | null;
      state: DeploymentState;
      message: string;
      report: GateReport | null;
    },
  ): Promise<DeploymentDetail> {
    const now = this.#now();
    const version = await this.options.stores.versions.get(
      spec.entityRef,
      order.version,
    );
    try {
      const { deployment } = await this.options.stores.deployments.create(
        {
          id: randomUUID(),
          entityRef: spec.entityRef,
          environment: order.environment,
          version: order.version,
          fromVersion: outcome.fromVersion,
          action: outcome.action,
          automatic: order.automatic,
          state: outcome.state,
          message: outcome.message,
          reason: order.reason,
          requestedBy: order.by,
          requestedAt: now,
          liveAt: null,
          finishedAt: outcome.state === 'blocked' ? now : null,
          runId: version?.runId ?? null,
          gates: outcome.report?.gates ?? [],
        },
        order.idempotencyKey,
        now,
      );
      await this.options.onChanged(spec.entityRef);
      return await this.#detail(deployment);
    } catch (error) {
      if (error instanceof AlreadyOpenError) throw conflictWith(error.first);
      throw error;
    }
  }

  async #detail(stored: StoredDeployment): Promise<DeploymentDetail> {
    return {
      ...shownDeployment(stored),
      events: await this.options.stores.deployments.events(stored.id),
    };
  }

  #now(): string {
    return this.options.now().toISOString();
  }
}

/** The second person is told who was first. */
function conflictWith(first: StoredDeployment): ConflictError {
  const what = first.action === 'rollback' ? 'rolling back to' : 'bringing in';
  const error = new ConflictError(
    `${first.requestedBy} is already ${what} ${first.version} in ${first.environment} (deployment ${first.id}). Only one deployment of a model and environment may be open.`,
  );
  return Object.assign(error, { deploymentId: first.id });
}
