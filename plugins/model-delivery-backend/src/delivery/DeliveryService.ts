import { randomUUID } from 'node:crypto';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  type DeploymentEntry,
  isCancellable,
} from '@slipway/plugin-model-delivery-common';
import type {
  DeploymentAction,
  DeploymentDetail,
  EnvironmentSpec,
  GateReport,
  ModelSpec,
  Rollout,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Move } from '../database/deploymentMoves';
import {
  type Hold,
  shownDeployment,
  type StoredDeployment,
} from '../database/deploymentRows';
import { AlreadyOpenError } from '../database/DeploymentStore';
import type { Stores } from '../database/stores';
import { expiryOf, reviewersOf } from '../policy/approvals';
import { changedOutside } from '../policy/changedOutside';
import { describeWaits } from '../policy/waits';
import type { Targets } from '../providers/Targets';
import { planRollout } from '../policy/planRollout';
import { continued, continuedMessage } from './decideRollout';
import { environmentOf } from './environmentOf';
import { evaluateGatesFor, type Judged } from './evaluateGatesFor';
import { rollbackTarget } from './rollbackTarget';

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
}

/** Whether a person may begin, and so cancel, a deployment of this action. Throws where not. */
export type Authorize = (action: DeploymentAction) => Promise<void>;

/** Two people can act at once; each loses to the other at most this often. */
const MAX_RACES = 5;

/**
 * Requests deployments and roll backs, and cancels them. What it writes is all that is needed to
 * carry them out, so a crash after it loses nothing.
 */
export class DeliveryService {
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

  /**
   * Requests a version in an environment. A gate that fails or is unknown ends the request as `blocked`,
   * with its reasons, and a wait holds it as `waiting`, unless the order overrides both.
   *
   * @throws ConflictError when the version is live there, or a deployment is open there.
   * @throws ProviderError `forbidden` for a target that the model may not use, `bad-data` for one that
   *   cannot be one.
   */
  async deploy(spec: ModelSpec, order: DeployOrder): Promise<DeploymentDetail> {
    const used = await this.#stores.deployments.byRequestKey(order.requestKey);
    if (used) return this.#detail(used);
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
    const waits = passes && held && !overridden;
    const ready = passes || overridden;
    const promotes =
      environment.after !== undefined &&
      live.get(environment.after)?.version === order.version;
    return this.#create(spec, environment, order, {
      action: promotes ? 'promote' : 'deploy',
      fromVersion: here?.version ?? null,
      overridden,
      holds: false,
      entry: entryOf({ ready, waits }),
      hold: waits ? this.#holdOf(environment, judged) : null,
      message: messageOf(report, { passes, overridden }),
      // Without a live version there is nothing to compare with, and nobody to protect.
      rollout:
        environment.strategy && here ? planRollout(environment.strategy) : null,
      report,
      fingerprint,
    });
  }

  /**
   * Brings back a version that was live before. It evaluates no gates: a version that was live once is
   * known, and going back must be possible when evidence cannot be had. Where versions arrive
   * automatically, it puts the environment on hold, so that the next one does not undo the roll back.
   *
   * @throws InputError where there is nothing to go back to, or the registry has it no more or changed.
   */
  async rollback(
    spec: ModelSpec,
    order: Omit<DeployOrder, 'version' | 'override'> & {
      to?: string;
    },
  ): Promise<DeploymentDetail> {
    const used = await this.#stores.deployments.byRequestKey(order.requestKey);
    if (used) return this.#detail(used);
    const environment = environmentOf(spec, order.environment);
    const { items } = await this.#stores.live.history(
      spec.entityRef,
      order.environment,
      {},
      { limit: 100 },
    );
    const target = rollbackTarget(items, order.to);
    if ('problem' in target) throw new InputError(target.problem);
    await this.#assertUnchanged(spec, target);
    return this.#create(
      spec,
      environment,
      { ...order, version: target.version, override: false },
      {
        action: 'rollback',
        fromVersion: items[0]?.version ?? null,
        overridden: false,
        holds: environment.deploy === 'automatic',
        entry: 'admitted',
        hold: null,
        message: `Queued. ${target.version} takes over all traffic at once.`,
        rollout: null,
        report: null,
        fingerprint: null,
      },
    );
  }

  /**
   * Cancels an open deployment, or withdraws one that waits; the live version stays live. The environment stays locked until the
   * outside system has acknowledged.
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
    return this.#detail(await this.#find(entityRef, deploymentId));
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
      await authorize(found.action);
      const moved = await this.#stores.execution.transition(
        found,
        decide(found),
        this.#now().toISOString(),
      );
      if (moved) {
        await this.#onChanged(entityRef);
        return this.#detail(moved);
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

  /**
   * Deploys the version again that history says is live, where something else is served in its place.
   *
   * @throws InputError where history has no live version, or the registry has it no more or changed.
   */
  async bringBack(
    spec: ModelSpec,
    order: Omit<DeployOrder, 'version' | 'override'>,
  ): Promise<DeploymentDetail> {
    const used = await this.#stores.deployments.byRequestKey(order.requestKey);
    if (used) return this.#detail(used);
    const environment = environmentOf(spec, order.environment);
    const here = (await this.#stores.live.current(spec.entityRef)).get(
      environment.name,
    );
    if (!here) {
      throw new InputError('No version was live here, so none is brought back');
    }
    await this.#assertUnchanged(spec, here);
    return this.#create(
      spec,
      environment,
      { ...order, version: here.version, override: false },
      {
        action: 'rollback',
        fromVersion: here.version,
        overridden: false,
        holds: false,
        entry: 'admitted',
        hold: null,
        message: `Queued. ${here.version} is brought back and takes over all traffic at once.`,
        rollout: null,
        report: null,
        fingerprint: null,
      },
    );
  }

  /**
   * Records what is served in an environment and was deployed outside Slipway, so that the history says
   * it. Nothing is deployed. A crash in the middle leaves an order for the version that is served.
   *
   * @throws ConflictError where nothing was changed outside.
   * @throws InputError for a version that the registry does not have, or has with another digest.
   */
  async adopt(
    spec: ModelSpec,
    order: Omit<DeployOrder, 'version' | 'automatic' | 'override'>,
  ): Promise<DeploymentDetail> {
    const used = await this.#stores.deployments.byRequestKey(order.requestKey);
    if (used) return this.#detail(used);
    const environment = environmentOf(spec, order.environment);
    const { live: store, deployments, execution } = this.#stores;
    const here = (await store.current(spec.entityRef)).get(environment.name);
    const state = (await store.states(spec.entityRef)).get(environment.name);
    const changed = changedOutside(here, state, false);
    if (!changed) {
      throw new ConflictError(
        `${environment.name} serves what the history says, so there is nothing to adopt`,
      );
    }
    await this.#assertUnchanged(spec, changed);
    const { id } = await this.#create(
      spec,
      environment,
      {
        ...order,
        version: changed.version,
        automatic: false,
        override: false,
      },
      {
        action: 'deploy',
        fromVersion: here?.version ?? null,
        overridden: false,
        holds: false,
        entry: 'admitted',
        hold: null,
        message: `Adopted. ${changed.sentence}`,
        rollout: null,
        report: null,
        fingerprint: null,
      },
    );
    const made = (await deployments.get(id))!;
    const adopted = await execution.goLive(
      made,
      { message: `Adopted. ${changed.sentence}`, digest: changed.digest },
      this.#now().toISOString(),
    );
    await this.#onChanged(spec.entityRef);
    return this.#detail(adopted ?? made);
  }

  /** A version that history names must be the one that was served. */
  async #assertUnchanged(
    spec: ModelSpec,
    target: { version: string; digest: string | null },
  ): Promise<void> {
    const { version, digest } = target;
    const stored = await this.#stores.versions.get(spec.entityRef, version);
    if (!stored) {
      throw new InputError(`The registry does not have ${version}`);
    }
    if (digest && stored.digest && digest !== stored.digest) {
      throw new InputError(
        `${version} was served with the digest ${digest}, and the registry has ${stored.digest}`,
      );
    }
  }

  async #create(
    spec: ModelSpec,
    environment: EnvironmentSpec,
    order: DeployOrder,
    outcome: {
      action: DeploymentAction;
      fromVersion: string | null;
      overridden: boolean;
      holds: boolean;
      entry: DeploymentEntry;
      hold: Hold | null;
      message: string;
      rollout: Rollout | null;
      report: GateReport | null;
      fingerprint: string | null;
    },
  ): Promise<DeploymentDetail> {
    const { report, ...rest } = outcome;
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
        },
        this.#now().toISOString(),
      );
      await this.#onChanged(spec.entityRef);
      return await this.#detail(deployment);
    } catch (error) {
      if (error instanceof AlreadyOpenError) {
        throw conflictWith(error.first, spec.entityRef);
      }
      throw error;
    }
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

  async #detail(stored: StoredDeployment): Promise<DeploymentDetail> {
    return {
      ...shownDeployment(stored),
      events: await this.#stores.deployments.events(stored.id),
      approval: null,
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
