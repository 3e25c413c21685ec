import type { DeploymentEffect } from '@slipway/plugin-model-delivery-common';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { HeldDeployment, PendingEffect } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { BringBack } from './BringBack';
import { begun, stepOf } from './decideRollout';
import type { Notifier } from './Notifier';
import { type Place, PlaceFinder, progressOf } from './PlaceFinder';

/** How soon to look again whether a cancelled deployment has ended. */
const STOP_AGAIN_MS = 500;

/** The deployment as a handler left it; undefined when it changed meanwhile or the lease was lost. */
export type Outcome = HeldDeployment | undefined;

/**
 * Carries out effects. Each handler is idempotent: it can be repeated after a crash at any line,
 * since providers act once per deployment id and every write is fenced.
 */
export class EffectHandlers {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #places: PlaceFinder;
  readonly #reconsider: (entityRef: string) => Promise<void>;
  readonly #bringBack: BringBack;
  readonly #notifier: Notifier;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    registry: ProviderRegistry;
    places: PlaceFinder;
    /** Considers the automatic deliveries of a model. */
    reconsider: (entityRef: string) => Promise<void>;
    bringBack: BringBack;
    notifier: Notifier;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#registry = options.registry;
    this.#places = options.places;
    this.#reconsider = options.reconsider;
    this.#bringBack = options.bringBack;
    this.#notifier = options.notifier;
    this.#now = options.now;
  }

  /** @throws whatever made the effect fail; the caller records it and tries again. */
  async carryOut(
    held: HeldDeployment,
    effect: PendingEffect,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const handlers: Record<DeploymentEffect, () => Promise<Outcome>> = {
      dispatch: () => this.#dispatch(held, effect, signal),
      shift: () => this.#shift(held, effect, signal),
      stop: () => this.#stop(held, effect, signal),
      mark: () => this.#mark(held, effect, signal),
      'bring-back': async () => {
        await this.#bringBack.after(held);
        return this.#settle(held, effect);
      },
      reconsider: async () => {
        await this.#reconsider(held.entityRef);
        return this.#settle(held, effect);
      },
      notify: async () => {
        await this.#notifier.notify(held, effect.state);
        return this.#settle(held, effect);
      },
    };
    return handlers[effect.effect]();
  }

  /** Sends the order, unless the provider has it from an attempt that a crash cut short. */
  async #dispatch(
    held: HeldDeployment,
    effect: PendingEffect,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { execution } = this.#stores;
    const place = await this.#places.placeOf(held);
    const known = await progressOf(place, held.id, signal);
    let sent: Outcome = held;
    if (known.phase === 'unknown') {
      sent = await execution.beginDispatch(held, this.#at());
      if (!sent) return undefined;
      const problem = await this.#send(sent, place, signal);
      if (problem) {
        return execution.transition(
          sent,
          { trigger: 'fail', message: problem, by: 'system', settles: effect },
          this.#at(),
        );
      }
    } else if (!held.dispatchedAt) {
      sent = await execution.beginDispatch(held, this.#at());
      if (!sent) return undefined;
    }
    return execution.transition(
      sent,
      {
        trigger: 'accept',
        message: `${place.provider.title} accepted ${held.version} for ${held.environment}.`,
        by: 'system',
        settles: effect,
      },
      this.#at(),
    );
  }

  /** @returns why the order can never be sent, or undefined once the provider accepted it. */
  async #send(
    held: HeldDeployment,
    { spec, provider, target }: Place,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const version = await this.#stores.versions.get(
      held.entityRef,
      held.version,
    );
    if (!version) return `The registry has no version ${held.version}.`;
    const { versions } = spec;
    const source =
      versions && this.#registry.find('versions', versions.provider);
    if (!versions || !source) {
      return 'The model names no registry that is installed, so its bundle cannot be opened.';
    }
    const runId = await this.#stores.questions.runOf(held.id);
    await provider.deploy(
      target,
      {
        deploymentId: held.id,
        version: held.version,
        digest: version.digest,
        artifactUri: version.artifactUri,
        ...(runId && { runId }),
        ...(held.rollout && { rollout: { sticky: held.rollout.sticky } }),
        openBundle: bundleSignal =>
          source.openBundle(targetOf(spec, versions), held.version, {
            signal: bundleSignal,
          }),
      },
      { signal },
    );
    return undefined;
  }

  /** Splits the traffic as the current step says, which begins the step. */
  async #shift(
    held: HeldDeployment,
    effect: PendingEffect,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { rollout } = held;
    if (!rollout) return this.#settle(held, effect);
    const { provider, target } = await this.#places.placeOf(held);
    if (!provider.setTraffic) {
      throw new ProviderError(
        'unsupported',
        `${provider.title} cannot split traffic. Cancel the deployment, and remove "strategy" from the environment.`,
      );
    }
    const { weight, mirror } = stepOf(rollout);
    await provider.setTraffic(target, held.id, { weight, mirror }, { signal });
    const at = this.#at();
    return this.#stores.rollouts.shifted(held, effect, begun(rollout, at), at);
  }

  /** Cancels at the provider, and ends the deployment once it has ended there. */
  async #stop(
    held: HeldDeployment,
    effect: PendingEffect,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { execution, effects } = this.#stores;
    const place = await this.#places.placeOf(held);
    await place.provider.cancel(place.target, held.id, { signal });
    const progress = await progressOf(place, held.id, signal);
    if (progress.phase === 'live') {
      const version = await this.#stores.versions.get(
        held.entityRef,
        held.version,
      );
      return execution.goLive(
        held,
        {
          message: `${held.version} went live before the cancellation arrived. ${progress.message}`,
          settles: effect,
          digest: progress.digest ?? version?.digest ?? null,
        },
        this.#at(),
      );
    }
    if (progress.phase !== 'failed' && progress.phase !== 'unknown') {
      const again = new Date(this.#now().getTime() + STOP_AGAIN_MS);
      await effects.postpone(held, effect, again.toISOString());
      return held;
    }
    return execution.transition(
      held,
      {
        trigger: 'stopped',
        message:
          held.endsAs === 'failed'
            ? held.message
            : 'Cancelled before it was live.',
        by: 'system',
        settles: effect,
      },
      this.#at(),
    );
  }

  /** Points the registry's alias for the environment at the version that is live. */
  async #mark(
    held: HeldDeployment,
    effect: PendingEffect,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const spec = await this.#stores.models.lastSpec(held.entityRef);
    const source =
      spec?.versions && this.#registry.find('versions', spec.versions.provider);
    if (spec?.versions && source) {
      await source.mark(
        targetOf(spec, spec.versions),
        {
          version: held.version,
          alias: held.environment,
          by: held.requestedBy,
          deploymentId: held.id,
        },
        { signal },
      );
    }
    const settled = await this.#settle(held, effect);
    // Replaced while the registry was asked: this mark may have arrived after the newer one.
    if (!settled) await this.#stores.effects.markAgain(held, this.#at());
    return settled;
  }

  #settle(held: HeldDeployment, effect: PendingEffect): Promise<Outcome> {
    return this.#stores.effects.settle(held, effect, this.#at());
  }

  #at(): string {
    return this.#now().toISOString();
  }
}
