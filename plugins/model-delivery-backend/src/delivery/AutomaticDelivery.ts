import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type {
  EnvironmentSpec,
  GateReport,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { StoredVersion } from '../database/VersionStore';
import {
  candidateFor,
  liveVersions,
  mayDeployWithoutApproval,
} from '../policy/candidate';
import type { Targets } from '../providers/Targets';
import type { DeliveryService } from './DeliveryService';
import type { DeployOrder } from './DeploymentRequests';
import { evaluateGatesFor } from './evaluateGatesFor';

/** Other processes can change the request that waits; this often it is looked at again. */
const MAX_RACES = 5;

/**
 * Delivers new versions to the environments that say `deploy: automatic`. It may be called at any
 * time and any number of times. A version is evaluated again when its evidence, the policy or the live
 * version changed, until a deployment of it begins; after that, only a person deploys it again. An
 * environment that a person rolled back is on hold until somebody lifts it.
 *
 * A request that waits gives way to one of a newer version where it was automatic too. The request of a
 * person never does: the newer version is considered again when that one has ended.
 */
export class AutomaticDelivery {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #delivery: DeliveryService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    targets: Targets;
    delivery: DeliveryService;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#targets = options.targets;
    this.#delivery = options.delivery;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  async consider(spec: ModelSpec): Promise<void> {
    const { versions, live, holds } = this.#stores;
    if (!spec.environments.some(e => e.deploy === 'automatic')) return;
    const newest = await versions.newest(spec.entityRef);
    const intervals = await live.current(spec.entityRef);
    const held = await holds.current(spec.entityRef);
    const known = await versions.find(
      spec.entityRef,
      [...intervals.values()].map(i => i.version),
    );
    for (const environment of spec.environments) {
      if (environment.deploy !== 'automatic') continue;
      if (held.has(environment.name)) continue;
      const candidate = candidateFor(
        environment,
        liveVersions(intervals, known),
        newest,
      );
      if (candidate) {
        await this.#considerOne(spec, environment, candidate);
      }
    }
  }

  async #considerOne(
    spec: ModelSpec,
    environment: EnvironmentSpec,
    candidate: StoredVersion,
  ): Promise<void> {
    const { name } = environment;
    const { version } = candidate;
    const { report, fingerprint } = await evaluateGatesFor(
      { stores: this.#stores, targets: this.#targets },
      spec,
      name,
      version,
      this.#now().toISOString(),
    );
    // What is unknown now can become known: it is evaluated again then.
    if (report.outcome === 'unknown') return;
    // These waits end by themselves: the model is due then (`considerDue`). People are asked after that.
    const isEarly = report.waits.some(wait => wait.kind !== 'approvals');
    if (report.outcome !== 'fail' && isEarly) return;
    const isHeld =
      report.outcome === 'needs-approval' &&
      // Where people are asked, they decide on it.
      !environment.approvals &&
      !mayDeployWithoutApproval(environment, spec.environments);
    if (isHeld) return;
    const earlier = await this.#stores.deployments.ofVersion(
      spec.entityRef,
      name,
      version,
    );
    const isKnown = earlier.some(
      d =>
        d.state !== 'blocked' ||
        d.fingerprint === fingerprint ||
        hasSameReasons(d.gates, report),
    );
    if (isKnown) return;
    const order = {
      environment: name,
      version,
      reason: `Automatic: ${report.summary}`,
      by: 'system',
      automatic: true,
      override: false,
      requestKey: createHash('sha256')
        .update(JSON.stringify([spec.entityRef, name, version, fingerprint]))
        .digest('hex'),
    };
    try {
      await this.#request(spec, candidate, order);
    } catch (error) {
      // Another one is open or waits: this is considered again when that one ends.
      const isBusy = error instanceof ConflictError;
      const isRefused =
        error instanceof NotAllowedError ||
        error instanceof InputError ||
        error instanceof NotFoundError;
      if (!isBusy && !isRefused) throw error;
      this.#logger[isBusy ? 'debug' : 'warn'](
        `No automatic deployment of ${version} of ${spec.name} to ${name}: ${error.message}`,
      );
    }
  }

  /** Requests a version, in the place of an older one where that one's request was automatic too. */
  async #request(
    spec: ModelSpec,
    candidate: StoredVersion,
    order: DeployOrder,
  ): Promise<void> {
    for (let race = 1; ; race += 1) {
      const older = await this.#olderRequest(spec, candidate, order);
      try {
        await this.#delivery.deploy(spec, { ...order, replaces: older?.id });
        return;
      } catch (error) {
        // Another process came first with a version between the two.
        const again =
          error instanceof ConflictError &&
          race < MAX_RACES &&
          (await this.#olderRequest(spec, candidate, order))?.id !== older?.id;
        if (!again) throw error;
      }
    }
  }

  async #olderRequest(
    { entityRef }: ModelSpec,
    candidate: StoredVersion,
    { environment }: DeployOrder,
  ): Promise<StoredDeployment | undefined> {
    const { deployments, versions } = this.#stores;
    const waiting = (await deployments.waitingOf(entityRef)).find(
      one => one.environment === environment,
    );
    if (!waiting?.automatic || waiting.version === candidate.version) {
      return undefined;
    }
    const asked = await versions.get(entityRef, waiting.version);
    return asked && asked.createdAt < candidate.createdAt ? waiting : undefined;
  }
}

/** Whether a version would be blocked for the same reasons as before, which is no news to anybody. */
function hasSameReasons(
  gates: GateReport['gates'],
  report: GateReport,
): boolean {
  const reasons = (of: GateReport['gates']) =>
    JSON.stringify(of.map(({ id, outcome, reason }) => [id, outcome, reason]));
  return report.outcome === 'fail' && reasons(gates) === reasons(report.gates);
}
