import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { isOpenState } from '@slipway/plugin-model-delivery-common';
import type {
  EnvironmentSpec,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type AskingRun,
  type DeploymentProvider,
  type EnvironmentTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/deploymentRows';
import type { HeldQuestion } from '../database/RunQuestionStore';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Targets } from '../providers/Targets';
import { MissingError, theOnly, versionsOfRun } from './chooseVersion';
import { decideAnswer } from './decideAnswer';
import type { DeliveryService } from './DeliveryService';

/** How many versions are looked through for the one of a commit. */
const NEWEST_VERSIONS = 100;
/** What the outside system takes for one run. */
const MAX_REPORTS = 10;

/** How a step left a question: answered, or to be looked at again, or woken by its deployment. */
type Answered =
  { settled: 'approved' | 'rejected' | 'none' } | { again: 'soon' | 'woken' };

/** A place that a run may deploy to, and the version that it was built from. */
interface Candidate {
  spec: ModelSpec;
  environment: EnvironmentSpec;
  target: EnvironmentTarget;
}

/**
 * Answers one question of a run: for a deployment of Slipway that the run carries out, or for one that
 * it requests in the name of the person who started the run.
 */
export class RunAnswerer {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #targets: Targets;
  readonly #delivery: DeliveryService;
  readonly #findUser: FindUser;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    registry: ProviderRegistry;
    targets: Targets;
    delivery: DeliveryService;
    findUser: FindUser;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#registry = options.registry;
    this.#targets = options.targets;
    this.#delivery = options.delivery;
    this.#findUser = options.findUser;
    this.#now = options.now;
  }

  /**
   * May be repeated after a crash at any line.
   *
   * @throws ProviderError where the outside system could not be asked or answered.
   */
  async answer(held: HeldQuestion, signal: AbortSignal): Promise<Answered> {
    const provider = this.#registry.find('deployments', held.provider);
    const places = await this.placesOf(held);
    if (!provider?.getAskingRun || !provider.answerRun || !places[0]) {
      return { settled: 'none' };
    }
    const { target } = places[0];
    let deployment = await this.#decided(held);
    if (!deployment) {
      const run = await provider.getAskingRun(target, held.runId, { signal });
      if (!run.isOpen) return { settled: 'none' };
      deployment = await this.#ownOf(held, run);
      try {
        deployment ??= await this.#request(held, places, provider, run);
      } catch (error) {
        if (!isMissing(error)) throw error;
        const comment = `Slipway cannot answer yet. ${error.message}`;
        await this.#report(held, provider, target, comment, signal);
        return { again: 'soon' };
      }
    }
    return this.#answerFor(held, provider, target, deployment, signal);
  }

  /** The environments that a question is about, of all models that may deploy there. */
  async placesOf(place: {
    provider: string;
    subject: string;
    targetKey: string;
  }): Promise<Candidate[]> {
    const { provider, subject, targetKey } = place;
    const refs = await this.#stores.sources.modelsAbout({
      provider,
      subject,
      capability: 'deployments',
    });
    const specs = await this.#stores.models.getAll(refs);
    return [...specs.values()].flatMap(spec =>
      spec.environments
        .filter(environment => environment.target.provider === provider)
        .filter(one => this.#keyOf(spec, one) === targetKey)
        .map(environment => ({
          spec,
          environment,
          target: {
            ...targetOf(spec, environment.target),
            environment: environment.name,
          },
        })),
    );
  }

  #keyOf(spec: ModelSpec, environment: EnvironmentSpec): string | null {
    try {
      return this.#targets.identify(spec, environment).key;
    } catch (error) {
      const isRefused =
        error instanceof InputError ||
        error instanceof NotAllowedError ||
        error instanceof NotFoundError;
      if (!isRefused) throw error;
      return null;
    }
  }

  async #decided(held: HeldQuestion): Promise<StoredDeployment | undefined> {
    return held.deploymentId === null
      ? this.#stores.deployments.byRequestKey(held.id)
      : this.#stores.deployments.get(held.deploymentId);
  }

  /** The open deployment that the run carries out, which Slipway started. */
  async #ownOf(
    held: HeldQuestion,
    { deploymentId }: AskingRun,
  ): Promise<StoredDeployment | undefined> {
    if (deploymentId === null) return undefined;
    const found = await this.#stores.deployments.get(deploymentId);
    const isIts =
      found && found.targetKey === held.targetKey && isOpenState(found.state);
    if (!isIts) return undefined;
    await this.#stores.questions.note(held, { deploymentId });
    // Read again: a move before the note woke nothing.
    return this.#stores.deployments.get(deploymentId);
  }

  /** Requests a deployment for a run that Slipway did not start. @throws MissingError */
  async #request(
    held: HeldQuestion,
    places: Candidate[],
    provider: DeploymentProvider,
    run: AskingRun,
  ): Promise<StoredDeployment | undefined> {
    const found: (Candidate & { version: string })[] = [];
    for (const place of places) {
      const { items } = await this.#stores.versions.list(
        place.spec.entityRef,
        {},
        { limit: NEWEST_VERSIONS },
      );
      for (const { version } of versionsOfRun(items, run)) {
        found.push({ ...place, version });
      }
    }
    const { spec, environment, version } = theOnly(found, run);
    const { startedBy } = run;
    const person =
      startedBy && (await this.#findUser(startedBy.annotation, startedBy.name));
    if (!person && environment.approvals) {
      throw new MissingError(
        `${environment.name} asks for approvals, and nobody approves a request of their own, but it is unknown who started the run. ${
          startedBy
            ? `Add the annotation ${startedBy.annotation}: ${startedBy.name} to that person's User entity.`
            : 'Deploy from Slipway.'
        }`,
      );
    }
    await this.#delivery.deploy(spec, {
      environment: environment.name,
      version,
      reason: `Started on ${provider.title}${startedBy ? ` by ${startedBy.name}` : ''}: ${run.url}`,
      by: person ?? 'system',
      automatic: false,
      override: false,
      requestKey: held.id,
      questionId: held.id,
    });
    return this.#stores.deployments.byRequestKey(held.id);
  }

  async #answerFor(
    held: HeldQuestion,
    provider: DeploymentProvider,
    target: EnvironmentTarget,
    deployment: StoredDeployment | undefined,
    signal: AbortSignal,
  ): Promise<Answered> {
    if (!deployment) return { settled: 'none' };
    const answer = decideAnswer(
      deployment,
      await this.#stores.approvals.of(deployment.id),
    );
    if (answer.state === 'pending') {
      const { state, waits, revision } = deployment;
      // What holds it back, if anything does, is known after its first review.
      if (state === 'waiting' && waits.length === 0 && revision === 0) {
        return { again: 'soon' };
      }
      if (state === 'waiting') {
        await this.#report(held, provider, target, answer.comment, signal);
      }
      return { again: 'woken' };
    }
    await provider.answerRun!(target, held.runId, answer, { signal });
    await this.#stores.deployments.remark(
      deployment.id,
      {
        title: `Answer to run ${held.runId} of ${provider.title}`,
        detail: `${answer.state}.`,
      },
      this.#now().toISOString(),
    );
    return { settled: answer.state };
  }

  /** Says in the outside system why there is no answer yet, where that is news. */
  async #report(
    held: HeldQuestion,
    provider: DeploymentProvider,
    target: EnvironmentTarget,
    comment: string,
    signal: AbortSignal,
  ): Promise<void> {
    if (held.report === comment || held.reports >= MAX_REPORTS) return;
    await provider.answerRun!(
      target,
      held.runId,
      { state: 'pending', comment },
      { signal },
    );
    await this.#stores.questions.note(held, {
      report: { text: comment, count: held.reports + 1 },
    });
  }
}

/** Finds the person in the catalog whose entity has this annotation; null where there is not exactly one. */
export type FindUser = (
  annotation: string,
  value: string,
) => Promise<string | null>;

/** What a person can change, after which the question is looked at again. */
function isMissing(error: unknown): error is Error {
  return (
    error instanceof MissingError ||
    error instanceof ConflictError ||
    error instanceof NotAllowedError ||
    error instanceof InputError ||
    (error instanceof NotFoundError && !(error instanceof ProviderError))
  );
}
