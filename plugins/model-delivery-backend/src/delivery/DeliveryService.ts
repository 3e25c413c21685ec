import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  type DeploymentEntry,
  isCancellable,
} from '@slipway/plugin-model-delivery-common';
import type {
  DeploymentDetail,
  EnvironmentSpec,
  GateReport,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Move } from '../database/deploymentMoves';
import type { Hold, StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { expiryOf, reviewersOf } from '../policy/approvals';
import { planRollout } from '../policy/planRollout';
import { describeWaits } from '../policy/waits';
import type { Targets } from '../providers/Targets';
import { continued, continuedMessage } from './decideRollout';
import type { DeploymentRequests, DeployOrder } from './DeploymentRequests';
import { environmentOf } from './environmentOf';
import { evaluateGatesFor, type Judged } from './evaluateGatesFor';

/** Whether a person may begin, and so cancel, a deployment like this. Throws where not. */
export type Authorize = (
  like: Pick<StoredDeployment, 'action' | 'environment'>,
) => Promise<void>;

/** Two people can act at once; each loses to the other at most this often. */
const MAX_RACES = 5;

/**
 * Requests deployments, and moves open ones by hand. What it writes is all that is needed to carry them
 * out, so a crash after it loses nothing.
 */
export class DeliveryService {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #requests: DeploymentRequests;
  readonly #onChanged: (entityRef: string) => Promise<void>;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    targets: Targets;
    requests: DeploymentRequests;
    /** Called after something was written. */
    onChanged: (entityRef: string) => Promise<void>;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#targets = options.targets;
    this.#requests = options.requests;
    this.#onChanged = options.onChanged;
    this.#now = options.now;
  }

  /**
   * Requests a version in an environment. A gate that fails or is unknown ends the request as `blocked`,
   * with its reasons, and a wait holds it as `waiting`, unless the order overrides both.
   *
   * @throws ConflictError when the version is live there, or a deployment is open there.
   * @throws ProviderError `forbidden` for a target that the model may not use, `bad-data` for one that
   *   cannot be one.
   */
  async deploy(spec: ModelSpec, order: DeployOrder): Promise<DeploymentDetail> {
    const made = await this.#requests.made(order.requestKey);
    if (made) return made;
    const environment = environmentOf(spec, order.environment);
    const live = await this.#stores.live.current(spec.entityRef);
    const here = live.get(order.environment);
    if (here?.version === order.version) {
      throw new ConflictError(
        `${order.version} is live in ${order.environment} already`,
      );
    }
    const judged = await evaluateGatesFor(
      { stores: this.#stores, targets: this.#targets },
      spec,
      order.environment,
      order.version,
      this.#now().toISOString(),
    );
    const { report, fingerprint } = judged;
    const passes = report.outcome !== 'fail' && report.outcome !== 'unknown';
    const held = report.waits.length > 0;
    const overridden = order.override && (!passes || held);
    // A run that asks holds no environment: it is let go when the environment is free.
    const asks = order.questionId !== undefined;
    const waits = passes && (held || asks) && !overridden;
    const ready = passes || overridden;
    const promotes =
      environment.after !== undefined &&
      live.get(environment.after)?.version === order.version;
    return this.#requests.create(spec, environment, order, {
      action: promotes ? 'promote' : 'deploy',
      fromVersion: here?.version ?? null,
      overridden,
      holds: false,
      entry: entryOf({ ready, waits }),
      hold: waits ? this.#holdOf(environment, judged) : null,
      message: messageOf(report, { passes, overridden }),
      // Without a live version there is nothing to compare with, and nobody to protect. An override
      // deploys a batch job at once: it has no traffic.
      rollout:
        environment.strategy && here && !environment.target.batch
          ? planRollout(environment.strategy)
          : null,
      report,
      fingerprint,
    });
  }

  /**
   * Cancels an open deployment, or withdraws one that waits; the live version stays live. The environment
   * stays locked until the outside system has acknowledged.
   *
   * @throws ConflictError where there is nothing to cancel.
   */
  async cancel(
    entityRef: string,
    deploymentId: string,
    by: string,
    authorize: Authorize,
  ): Promise<DeploymentDetail> {
    return this.#act(entityRef, deploymentId, authorize, found => {
      if (found.state === 'cancelled') {
        throw new ConflictError(`${titleOf(found)} is cancelled already`);
      }
      if (found.state === 'cancelling') {
        throw new ConflictError(
          `${titleOf(found)} is being cancelled; the outside system has not acknowledged yet`,
        );
      }
      if (!isCancellable(found.state)) {
        throw new ConflictError(
          `${titleOf(found)} has ended already (${found.state}); roll back to undo it`,
        );
      }
      return {
        trigger: 'cancel',
        message: cancellationOf(found),
        by,
      };
    });
  }

  /**
   * Ends a cancellation that the outside system does not acknowledge, and frees the environment. The
   * outside system may still carry the deployment out.
   *
   * @throws ConflictError where the deployment is not being cancelled.
   */
  async forceRelease(
    entityRef: string,
    deploymentId: string,
    order: { by: string; reason: string },
    authorize: Authorize,
  ): Promise<DeploymentDetail> {
    return this.#act(entityRef, deploymentId, authorize, found => {
      if (found.state !== 'cancelling') {
        throw new ConflictError(
          `${titleOf(found)} is not being cancelled (${found.state}); cancel it first`,
        );
      }
      return {
        trigger: 'force-release',
        message: `Released without acknowledgement of the outside system, which may still carry it out. Reason: ${order.reason}`,
        by: order.by,
      };
    });
  }

  /**
   * Begins the next step of a roll-out that paused, without a verdict on the step before.
   *
   * @throws ConflictError where no roll-out is paused.
   */
  async continueRollout(
    entityRef: string,
    deploymentId: string,
    order: { by: string; reason: string },
  ): Promise<DeploymentDetail> {
    const anyAction: Authorize = async () => undefined;
    return this.#act(entityRef, deploymentId, anyAction, found => {
      const { rollout } = found;
      if (found.state !== 'rolling-out' || !rollout?.paused) {
        throw new ConflictError(
          `${titleOf(found)} is not paused (${found.state}), so there is nothing to continue`,
        );
      }
      const next = continued(rollout, order, this.#now().toISOString());
      return {
        trigger: 'advance',
        message: continuedMessage(next, found.version, order.reason),
        by: order.by,
        rollout: next,
      };
    });
  }

  /**
   * Lets automatic delivery go on in an environment.
   *
   * @throws ConflictError where there is no hold.
   */
  async liftHold(
    spec: ModelSpec,
    name: string,
    order: { by: string; reason: string },
  ): Promise<void> {
    const environment = environmentOf(spec, name).name;
    const lifted = await this.#stores.holds.lift(
      { entityRef: spec.entityRef, environment },
      order,
      this.#now().toISOString(),
    );
    if (!lifted) {
      throw new ConflictError(`${environment} is not on hold`);
    }
    await this.#onChanged(spec.entityRef);
  }

  /** @throws NotFoundError */
  async get(
    entityRef: string,
    deploymentId: string,
  ): Promise<DeploymentDetail> {
    return this.#requests.detail(await this.#find(entityRef, deploymentId));
  }

  /** Moves a deployment by hand. Reads it again where somebody else moved it meanwhile. */
  async #act(
    entityRef: string,
    deploymentId: string,
    authorize: Authorize,
    decide: (found: StoredDeployment) => Move,
  ): Promise<DeploymentDetail> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const found = await this.#find(entityRef, deploymentId);
      await authorize(found);
      const moved = await this.#stores.execution.transition(
        found,
        decide(found),
        this.#now().toISOString(),
      );
      if (moved) {
        await this.#onChanged(entityRef);
        return this.#requests.detail(moved);
      }
    }
    throw new ConflictError(
      `The deployment ${deploymentId} is changing quickly; try again`,
    );
  }

  async #find(
    entityRef: string,
    deploymentId: string,
  ): Promise<StoredDeployment> {
    const found = await this.#stores.deployments.get(deploymentId);
    if (!found || found.entityRef !== entityRef) {
      throw new NotFoundError(`There is no deployment ${deploymentId}`);
    }
    return found;
  }

  #holdOf(
    { approvals }: EnvironmentSpec,
    { report, digest, gateHash }: Judged,
  ): Hold {
    return {
      waits: report.waits,
      digest,
      gateHash,
      expiresAt: expiryOf(approvals, this.#now().toISOString()),
      reviewers: reviewersOf(approvals),
    };
  }
}

function entryOf(is: { ready: boolean; waits: boolean }): DeploymentEntry {
  if (!is.ready) return 'refused';
  return is.waits ? 'held' : 'admitted';
}

function messageOf(
  { summary, waits }: GateReport,
  { passes, overridden }: { passes: boolean; overridden: boolean },
): string {
  if (overridden && passes) {
    return `Queued, waits overridden. ${describeWaits(waits)}`;
  }
  if (overridden) return `Queued, gates overridden. ${summary}`;
  if (!passes) return summary;
  return waits.length > 0 ? describeWaits(waits) : `Queued. ${summary}`;
}

function cancellationOf({ state, dispatchedAt }: StoredDeployment): string {
  if (state === 'waiting') return 'Withdrawn before it was released.';
  return dispatchedAt
    ? 'Cancelling. The environment stays locked until the outside system acknowledges.'
    : 'Cancelled before it began.';
}

function titleOf({ version, environment }: StoredDeployment): string {
  return `The deployment of ${version} to ${environment}`;
}
