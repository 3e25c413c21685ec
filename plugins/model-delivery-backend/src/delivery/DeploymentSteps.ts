import {
  type DeploymentState,
  deployProgress,
  type ModelSpec,
  type OutsideWait,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  DeploymentProvider,
  DeployProgress,
  EnvironmentTarget,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { problemOf } from '../providers/problemOf';
import { targetOf } from '../providers/targetOf';
import { judgeProgress, standsStill, type Time } from './judgeProgress';

const CALL_TIMEOUT_MS = 20_000;
const BUNDLE_TIMEOUT_MS = 15 * 60_000;
/** An open deployment that stands still for longer has failed. */
const PATIENCE_MINUTES = 15;

interface Place {
  spec: ModelSpec;
  target: EnvironmentTarget;
  /** Undefined where no module brings it. */
  provider: DeploymentProvider | undefined;
}

/**
 * Moves one deployment on by one step: dispatches, follows, records the end, tells whom it concerns.
 * Every step can be done again.
 */
export class DeploymentSteps {
  readonly #lookingSinceMs: number;

  constructor(
    private readonly options: {
      stores: Stores;
      registry: ProviderRegistry;
      /** Told after a deployment moved. */
      onMoved: (entityRef: string) => Promise<void>;
      /** Told after a deployment ended, or went live. */
      onEnded: (spec: ModelSpec) => Promise<void>;
      now: () => Date;
    },
  ) {
    this.#lookingSinceMs = options.now().getTime();
  }

  async advance(deployment: StoredDeployment): Promise<void> {
    const place = await this.#placeOf(deployment);
    if (deployment.stopAskedAt) {
      await this.#stop(deployment, place);
    } else if (!place) {
      await this.#fail(
        deployment,
        'The model no longer declares this environment.',
      );
    } else if (deployment.state === 'live') {
      await this.#mark(deployment, place.spec);
    } else if (!place.provider) {
      await this.#fail(
        deployment,
        `No deployments provider "${place.target.target.provider}" is installed.`,
      );
    } else {
      await this.#follow(deployment, place.spec, place.provider, place.target);
    }
  }

  /** Undefined where the model no longer declares it. */
  async #placeOf(deployment: StoredDeployment): Promise<Place | undefined> {
    const { stores, registry } = this.options;
    const spec = (await stores.models.get(deployment.entityRef))?.spec;
    const environment = spec?.environments.find(
      e => e.name === deployment.environment,
    );
    if (!spec || !environment) return undefined;
    const { name, target } = environment;
    return {
      spec,
      target: { ...targetOf(spec, target), environment: name },
      provider: registry.find('deployments', target.provider),
    };
  }

  async #follow(
    deployment: StoredDeployment,
    spec: ModelSpec,
    provider: DeploymentProvider,
    target: EnvironmentTarget,
  ): Promise<void> {
    try {
      const progress = parseAnswer(
        provider,
        { thing: `deployment ${deployment.id}`, part: 'progress' },
        deployProgress,
        await provider.getProgress(target, deployment.id, this.#context()),
      );
      if (progress.phase === 'unknown') {
        await this.#dispatch(deployment, spec, provider, target);
      } else {
        await this.#record(deployment, spec, provider, progress);
      }
    } catch (error) {
      if (!(await this.#giveUpBeginning(deployment, error))) {
        throw error;
      }
      await this.options.onEnded(spec);
    }
  }

  /**
   * Gives up what could not be begun for long, such as one whose target is wrong. Of what was begun
   * only its provider knows how it is, so that is asked for as long as it takes.
   */
  async #giveUpBeginning(
    deployment: StoredDeployment,
    error: unknown,
  ): Promise<boolean> {
    const time = this.#time();
    if (deployment.state !== 'requested' || !standsStill(deployment, time)) {
      return false;
    }
    const { message } = problemOf(error, CALL_TIMEOUT_MS);
    await this.#move(deployment, {
      state: 'failed',
      message: `It could not be begun for ${time.patienceMinutes} min: ${message}`,
      // One that was asked for and not answered may have been begun all the same.
      stop: true,
    });
    return true;
  }

  /** Tells the outside system of an end that was not its own, until it heard. */
  async #stop(
    deployment: StoredDeployment,
    place: Place | undefined,
  ): Promise<void> {
    if (place?.provider) {
      const { provider, target } = place;
      const untold = ` ${provider.title} could not be told to stop; it is told again, and may go on until then.`;
      const said = deployment.message.replace(untold, '');
      try {
        await provider.cancel(target, deployment.id, this.#context());
      } catch (error) {
        await this.#note(deployment, `${said}${untold}`);
        throw error;
      }
      await this.#note(deployment, said);
    }
    await this.options.stores.deployments.setStopped(deployment.id);
  }

  async #dispatch(
    deployment: StoredDeployment,
    spec: ModelSpec,
    provider: DeploymentProvider,
    target: EnvironmentTarget,
  ): Promise<void> {
    const { stores, registry } = this.options;
    const versions = spec.versions;
    const source = versions && registry.find('versions', versions.provider);
    const version = await stores.versions.get(
      spec.entityRef,
      deployment.version,
    );
    if (!versions || !source || !version) {
      await this.#fail(
        deployment,
        `The registry that holds ${deployment.version} is not configured or no longer has it.`,
      );
      return;
    }
    await provider.deploy(
      target,
      {
        deploymentId: deployment.id,
        version: deployment.version,
        digest: version.digest,
        artifactUri: version.artifactUri,
        openBundle: () =>
          source.openBundle(
            { ...target, target: versions },
            deployment.version,
            { signal: AbortSignal.timeout(BUNDLE_TIMEOUT_MS) },
          ),
      },
      this.#context(),
    );
    await this.#move(deployment, {
      state: 'in-progress',
      message: `Brings ${deployment.version} up in ${deployment.environment}.`,
    });
  }

  async #record(
    deployment: StoredDeployment,
    spec: ModelSpec,
    provider: DeploymentProvider,
    progress: Exclude<DeployProgress, { phase: 'unknown' }>,
  ): Promise<void> {
    const verdict = judgeProgress(
      deployment,
      progress,
      this.#time(provider.hangsAfterMinutes),
    );
    switch (verdict.is) {
      case 'failed':
        await this.#fail(deployment, verdict.message);
        await this.options.onEnded(spec);
        break;
      case 'live':
        await this.#goLive(deployment, spec, verdict.message);
        break;
      case 'news': {
        const { is: _, ...to } = verdict;
        await this.#move(deployment, to);
        break;
      }
      default:
    }
  }

  async #goLive(
    deployment: StoredDeployment,
    spec: ModelSpec,
    message: string,
  ): Promise<void> {
    const { stores, now } = this.options;
    const version = await stores.versions.get(
      spec.entityRef,
      deployment.version,
    );
    const moved = await stores.deployments.goLive(deployment, {
      digest: version?.digest ?? null,
      message,
      at: now().toISOString(),
    });
    if (moved) {
      await this.options.onMoved(spec.entityRef);
      await this.options.onEnded(spec);
    }
  }

  /** Tells the registry what is live, after it is. */
  async #mark(deployment: StoredDeployment, spec: ModelSpec): Promise<void> {
    const { stores, registry, now } = this.options;
    const source =
      spec.versions && registry.find('versions', spec.versions.provider);
    if (spec.versions && source) {
      await source.mark(
        targetOf(spec, spec.versions),
        {
          version: deployment.version,
          alias: deployment.environment,
          by: deployment.requestedBy,
          deploymentId: deployment.id,
        },
        this.#context(),
      );
    }
    await stores.deployments.setMarked(deployment.id, now().toISOString());
  }

  async #fail(deployment: StoredDeployment, message: string): Promise<void> {
    await this.#move(deployment, { state: 'failed', message });
  }

  /** Says something else of a state that stays. */
  async #note(deployment: StoredDeployment, message: string): Promise<void> {
    if (message === deployment.message) return;
    await this.#move(deployment, { state: deployment.state, message });
  }

  async #move(
    deployment: StoredDeployment,
    to: {
      state: DeploymentState;
      message: string;
      runId?: string | null;
      waitsFor?: OutsideWait;
      stop?: boolean;
    },
  ): Promise<void> {
    const moved = await this.options.stores.deployments.transition(
      deployment,
      { ...to, by: 'system' },
      this.options.now().toISOString(),
    );
    if (moved) await this.options.onMoved(deployment.entityRef);
  }

  #time(patienceMinutes = PATIENCE_MINUTES): Time {
    return {
      nowMs: this.options.now().getTime(),
      lookingSinceMs: this.#lookingSinceMs,
      patienceMinutes,
    };
  }

  #context(): ProviderContext {
    return { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
  }
}
