import { ConflictError, InputError } from '@backstage/errors';
import type {
  DeploymentDetail,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';
import { changedOutside } from '../policy/changedOutside';
import type {
  DeploymentRequests,
  DeployOrder,
  Outcome,
} from './DeploymentRequests';
import { environmentOf } from './environmentOf';
import { rollbackTarget } from './rollbackTarget';

/** An order that no gate decides: its version was live before, or is served already. */
const UNGATED = {
  overridden: false,
  holds: false,
  entry: 'admitted',
  hold: null,
  rollout: null,
  report: null,
  fingerprint: null,
} satisfies Partial<Outcome>;

/**
 * Goes back to versions of the history, and records the versions that were deployed outside Slipway. No
 * gate decides on either, and a version must have the digest that the history or the provider names.
 */
export class RollbackService {
  readonly #stores: Stores;
  readonly #requests: DeploymentRequests;

  constructor(options: { stores: Stores; requests: DeploymentRequests }) {
    this.#stores = options.stores;
    this.#requests = options.requests;
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
    const made = await this.#requests.made(order.requestKey);
    if (made) return made;
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
    return this.#requests.create(
      spec,
      environment,
      { ...order, version: target.version, override: false },
      {
        ...UNGATED,
        action: 'rollback',
        fromVersion: items[0]?.version ?? null,
        holds: environment.deploy === 'automatic',
        message: `Queued. ${target.version} takes over all traffic at once.`,
      },
    );
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
    const made = await this.#requests.made(order.requestKey);
    if (made) return made;
    const environment = environmentOf(spec, order.environment);
    const here = (await this.#stores.live.current(spec.entityRef)).get(
      environment.name,
    );
    if (!here) {
      throw new InputError('No version was live here, so none is brought back');
    }
    await this.#assertUnchanged(spec, here);
    return this.#requests.create(
      spec,
      environment,
      { ...order, version: here.version, override: false },
      {
        ...UNGATED,
        action: 'rollback',
        fromVersion: here.version,
        message: `Queued. ${here.version} is brought back and takes over all traffic at once.`,
      },
    );
  }

  /**
   * Records what is served in an environment and was deployed outside Slipway, so that the history says
   * it. Nothing is deployed.
   *
   * @throws ConflictError where nothing was changed outside.
   * @throws InputError for a version that the registry does not have, or has with another digest.
   */
  async adopt(
    spec: ModelSpec,
    order: Omit<DeployOrder, 'version' | 'automatic' | 'override'>,
  ): Promise<DeploymentDetail> {
    const made = await this.#requests.made(order.requestKey);
    if (made) return made;
    const environment = environmentOf(spec, order.environment);
    const { live: store } = this.#stores;
    const here = (await store.current(spec.entityRef)).get(environment.name);
    const state = (await store.states(spec.entityRef)).get(environment.name);
    const changed = changedOutside(here, state, false);
    if (!changed) {
      throw new ConflictError(
        `${environment.name} serves what the history says, so there is nothing to adopt`,
      );
    }
    await this.#assertUnchanged(spec, changed);
    return this.#requests.create(
      spec,
      environment,
      {
        ...order,
        version: changed.version,
        automatic: false,
        override: false,
      },
      {
        ...UNGATED,
        action: 'deploy',
        fromVersion: here?.version ?? null,
        message: `Adopted. ${changed.sentence}`,
        served: { digest: changed.digest },
      },
    );
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
}
