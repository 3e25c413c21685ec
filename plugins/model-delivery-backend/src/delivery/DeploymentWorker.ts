import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type {
  DeploymentProvider,
  DeployProgress,
  EnvironmentTarget,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/DeploymentStore';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';

const POLL_MS = 500;
const LEASE_MS = 30_000;
const CALL_TIMEOUT_MS = 20_000;
/** An open deployment that no provider moves for this long has failed. */
const GIVE_UP_MS = 15 * 60_000;

/**
 * Carries out open deployments: dispatches, follows, and records the end. Every step can be done
 * again, so whoever holds the lease after a crash goes on where it was.
 */
export class DeploymentWorker {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #busy: Promise<void> | undefined;
  #again = false;

  constructor(
    private readonly options: {
      stores: Stores;
      registry: ProviderRegistry;
      logger: LoggerService;
      /** Told after a deployment moved. */
      onMoved: (entityRef: string) => Promise<void>;
      /** Told after a deployment ended, or went live. */
      onEnded: (spec: ModelSpec) => Promise<void>;
      now: () => Date;
    },
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#busy;
  }

  /** Looks for open deployments now. Never throws. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = this.#round()
      .catch(error =>
        this.options.logger.error('Deployments could not be followed', error),
      )
      .finally(() => {
        this.#busy = undefined;
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  async #round(): Promise<void> {
    const now = this.options.now();
    const claimed = await this.options.stores.deployments.claimOpen(
      now.toISOString(),
      new Date(now.getTime() + LEASE_MS).toISOString(),
    );
    await Promise.all(
      claimed.map(async deployment => {
        try {
          await this.#advance(deployment);
        } catch (error) {
          this.options.logger.warn(
            `Deployment ${deployment.id} of ${deployment.entityRef} could not be moved on; trying again`,
            error as Error,
          );
        } finally {
          await this.options.stores.deployments.release(deployment.id);
        }
      }),
    );
  }

  async #advance(deployment: StoredDeployment): Promise<void> {
    const { stores, registry } = this.options;
    const model = await stores.models.get(deployment.entityRef);
    const environment = model?.spec.environments.find(
      e => e.name === deployment.environment,
    );
    if (!model || !environment) {
      await this.#fail(
        deployment,
        'The model no longer declares this environment.',
      );
      return;
    }
    const target: EnvironmentTarget = {
      ...targetOf(model.spec, environment.target),
      environment: environment.name,
    };
    if (deployment.state === 'live') {
      await this.#mark(deployment, model.spec);
      return;
    }
    const provider = registry.find('deployments', environment.target.provider);
    if (!provider) {
      await this.#fail(
        deployment,
        `No deployments provider "${environment.target.provider}" is installed.`,
      );
      return;
    }
    const progress = await provider.getProgress(
      target,
      deployment.id,
      this.#context(),
    );
    if (progress.phase === 'unknown') {
      await this.#dispatch(deployment, model.spec, provider, target);
      return;
    }
    await this.#record(deployment, model.spec, progress);
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
            { signal: AbortSignal.timeout(GIVE_UP_MS) },
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
    progress: Exclude<DeployProgress, { phase: 'unknown' }>,
  ): Promise<void> {
    const { stores, now } = this.options;
    if (progress.phase === 'failed') {
      await this.#fail(deployment, progress.message);
      await this.options.onEnded(spec);
      return;
    }
    if (progress.phase === 'live') {
      const version = await stores.versions.get(
        spec.entityRef,
        deployment.version,
      );
      const moved = await stores.deployments.goLive(deployment, {
        digest: version?.digest ?? null,
        message: progress.message,
        at: now().toISOString(),
      });
      if (moved) {
        await this.options.onMoved(spec.entityRef);
        await this.options.onEnded(spec);
      }
      return;
    }
    // A run that carries it out may come to wait for a person: that is news within a phase too.
    const isNewsOfRun =
      progress.runId !== undefined &&
      (progress.runId !== deployment.runId ||
        progress.message !== deployment.message);
    if (progress.phase !== deployment.state || isNewsOfRun) {
      await this.#move(deployment, {
        state: progress.phase,
        message: progress.message,
        runId: progress.runId ?? deployment.runId,
      });
      return;
    }
    const age = now().getTime() - Date.parse(deployment.requestedAt);
    if (age > GIVE_UP_MS) {
      await this.#fail(
        deployment,
        `Nothing moved for ${GIVE_UP_MS / 60_000} min: ${progress.message}`,
      );
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

  async #move(
    deployment: StoredDeployment,
    to: {
      state: 'in-progress' | 'verifying' | 'failed';
      message: string;
      runId?: string | null;
    },
  ): Promise<void> {
    const moved = await this.options.stores.deployments.transition(
      deployment,
      { ...to, by: 'system' },
      this.options.now().toISOString(),
    );
    if (moved) await this.options.onMoved(deployment.entityRef);
  }

  #context(): ProviderContext {
    return { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
  }
}
