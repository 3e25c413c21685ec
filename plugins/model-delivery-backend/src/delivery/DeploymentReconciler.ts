import type { LoggerService } from '@backstage/backend-plugin-api';
import { isUnderWay } from '@slipway/plugin-model-delivery-common';
import type { Rollout } from '@slipway/plugin-model-delivery-common/schema';
import type { HeldDeployment, PendingEffect } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { problemOf } from '../providers/problemOf';
import { decideProgress, isTimedOut, type Time } from './decideProgress';
import { nextLookMs } from './decideRollout';
import type { EffectHandlers, Outcome } from './EffectHandlers';
import { type PlaceFinder, progressOf } from './PlaceFinder';
import { RolloutFollower } from './RolloutFollower';
import type { WaitingDeployments } from './WaitingDeployments';

const CALL_TIMEOUT_MS = 20_000;
/** An open deployment without progress for longer has timed out. */
const TIMEOUT_MINUTES = 15;
/** How soon to look again at a deployment that is under way. */
const FOLLOW_MS = 500;
/** How soon to ask a provider again that could not tell how a deployment is. */
const ASK_AGAIN_MS = 5_000;

/**
 * Brings one deployment and the outside system together: carries out the effects that are due, then
 * records what the provider tells.
 */
export class DeploymentReconciler {
  readonly #stores: Stores;
  readonly #places: PlaceFinder;
  readonly #handlers: EffectHandlers;
  readonly #rollouts: RolloutFollower;
  readonly #waiting: WaitingDeployments;
  readonly #onChanged: (entityRef: string) => Promise<void>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #watchingSinceMs: number;

  constructor(options: {
    stores: Stores;
    places: PlaceFinder;
    handlers: EffectHandlers;
    waiting: WaitingDeployments;
    /** Called after a deployment changed. */
    onChanged: (entityRef: string) => Promise<void>;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#places = options.places;
    this.#handlers = options.handlers;
    this.#waiting = options.waiting;
    this.#onChanged = options.onChanged;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#rollouts = new RolloutFollower(options.now);
    this.#watchingSinceMs = options.now().getTime();
  }

  /**
   * One step of a deployment that the caller holds.
   *
   * @param ended - aborts the calls of providers when the lease is lost or the backend stops.
   * @returns the deployment as this step left it, and when the next step is due, or null when nothing
   *   is left to do.
   */
  async reconcile(
    held: HeldDeployment,
    ended: AbortSignal,
  ): Promise<{ held: HeldDeployment; dueAt: string | null }> {
    const signal = () =>
      AbortSignal.any([ended, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    let current = await this.#carryOutDue(held, signal);
    let followInMs = FOLLOW_MS;
    if (current?.state === 'waiting') {
      current = await this.#waiting.review(current, signal());
      // A release is carried out at once.
      current = current && (await this.#carryOutDue(current, signal));
    }
    if (current && isFollowed(current)) {
      try {
        const followed = await this.#follow(current, signal());
        // What a transition caused is due at once.
        current = followed && (await this.#carryOutDue(followed, signal));
      } catch (error) {
        const { kind, message } = problemOf(error, CALL_TIMEOUT_MS);
        this.#logger.warn(
          `Deployment ${held.id} of ${held.entityRef} could not be followed: ${kind}: ${message}`,
        );
        followInMs = ASK_AGAIN_MS;
      }
    }
    if (current?.revision !== held.revision) {
      await this.#onChanged(held.entityRef);
    }
    if (!current) return { held, dueAt: this.#at() };
    return { held: current, dueAt: await this.#nextDue(current, followInMs) };
  }

  async #carryOutDue(
    held: HeldDeployment,
    signal: () => AbortSignal,
  ): Promise<Outcome> {
    let current = held;
    for (;;) {
      const pending = await this.#stores.effects.pending(current.id);
      const due = pending.find(effect => effect.dueAt <= this.#at());
      if (!due) return current;
      let after: Outcome;
      try {
        after = await this.#handlers.carryOut(current, due, signal());
      } catch (error) {
        after = await this.#effectFailed(current, due, error);
      }
      if (!after) return undefined;
      current = after;
    }
  }

  /** An order that cannot be sent for long is given up; every other effect is tried for ever. */
  async #effectFailed(
    held: HeldDeployment,
    effect: PendingEffect,
    error: unknown,
  ): Promise<Outcome> {
    const { kind, message } = problemOf(error, CALL_TIMEOUT_MS);
    this.#logger.warn(
      `Deployment ${held.id} of ${held.entityRef}: ${effect.effect} failed: ${kind}: ${message}`,
    );
    // The handler may have recorded something before it failed.
    const seen = await this.#reread(held);
    if (!seen) return undefined;
    const time = this.#time();
    if (effect.effect === 'dispatch' && isTimedOut(seen, time)) {
      return this.#stores.execution.transition(
        seen,
        {
          trigger: 'give-up',
          message: `Timed out: it could not be started for ${time.timeoutMinutes} min. Last error: ${message}`,
          by: 'system',
        },
        this.#at(),
      );
    }
    return this.#stores.effects.failed(seen, effect, message, this.#now());
  }

  async #follow(held: HeldDeployment, signal: AbortSignal): Promise<Outcome> {
    const { execution, versions } = this.#stores;
    const place = await this.#places.placeOf(held);
    const { provider } = place;
    const progress = await progressOf(place, held.id, signal);
    const version =
      progress.phase === 'live'
        ? await versions.get(held.entityRef, held.version)
        : undefined;
    const decision =
      progress.phase === 'rolling-out' && isRollout(held)
        ? await this.#rollouts.decide(held, place, signal, CALL_TIMEOUT_MS)
        : decideProgress(
            held,
            progress,
            { title: provider.title, digest: version?.digest ?? null },
            this.#time(provider.hangsAfterMinutes),
          );
    const at = this.#at();
    switch (decision.do) {
      case 'move':
        return execution.transition(
          held,
          { ...decision.move, by: 'system' },
          at,
        );
      case 'note':
        return execution.note(held, decision.note, decision.event, at);
      case 'observe':
        return this.#stores.rollouts.observed(held, decision.rollout);
      case 'go-live':
        return execution.goLive(held, decision, at);
      default:
        return held;
    }
  }

  async #reread(held: HeldDeployment): Promise<Outcome> {
    const now = await this.#stores.deployments.get(held.id);
    return now && { ...now, leaseToken: held.leaseToken };
  }

  async #nextDue(
    held: HeldDeployment,
    followInMs: number,
  ): Promise<string | null> {
    const pending = await this.#stores.effects.pending(held.id);
    const times = pending.map(effect => effect.dueAt);
    if (held.state === 'waiting') {
      const look = this.#waiting.nextLookAt(held);
      if (look) times.push(look);
    }
    if (isFollowed(held)) {
      const nowMs = this.#now().getTime();
      const inMs = Math.max(followInMs, lookInMs(held, nowMs));
      times.push(new Date(nowMs + inMs).toISOString());
    }
    return times.sort()[0] ?? null;
  }

  #time(timeoutMinutes = TIMEOUT_MINUTES): Time {
    return {
      nowMs: this.#now().getTime(),
      watchingSinceMs: this.#watchingSinceMs,
      timeoutMinutes,
    };
  }

  #at(): string {
    return this.#now().toISOString();
  }
}

function isRollout(
  held: HeldDeployment,
): held is HeldDeployment & { rollout: Rollout } {
  return held.rollout !== null;
}

/** A roll-out is looked at as its step asks; its provider reports what happens between. */
function lookInMs({ state, rollout }: HeldDeployment, nowMs: number): number {
  return state === 'rolling-out' && rollout ? nextLookMs(rollout, nowMs) : 0;
}

/** Whether the provider has the order and is asked how it is. */
function isFollowed({ state }: HeldDeployment): boolean {
  return isUnderWay(state) && state !== 'requested';
}
