import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import type {
  EnvironmentSpec,
  ModelSpec,
  Monitor,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Interval } from '../database/LiveStore';
import type { Stores } from '../database/stores';
import { breakInBakeTime } from '../policy/automaticRollback';
import type { RollbackService } from './RollbackService';

/**
 * Goes back where a monitor breaks soon after a version went live, in the environments that declare
 * `automaticRollback`. It may be called at any time and any number of times: each live deployment is
 * rolled back once. While a deployment is open there it does nothing, and is called again with the next
 * reading.
 */
export class AutomaticRollback {
  readonly #stores: Stores;
  readonly #rollbacks: RollbackService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    rollbacks: RollbackService;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#rollbacks = options.rollbacks;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** @returns whether it began a roll back. */
  async consider(spec: ModelSpec): Promise<boolean> {
    const declared = spec.environments.filter(e => e.automaticRollback);
    if (declared.length === 0) return false;
    const live = await this.#stores.live.current(spec.entityRef);
    const monitors = await this.#stores.monitors.all(spec.entityRef);
    let began = false;
    for (const environment of declared) {
      const here = live.get(environment.name);
      if (!here) continue;
      const deployment = await this.#stores.deployments.get(here.deploymentId);
      if (!deployment) continue;
      const broken = breakInBakeTime(
        environment,
        { ...here, action: deployment.action },
        monitors.values(),
      );
      if (broken && (await this.#rollBack(spec, environment, here, broken))) {
        began = true;
      }
    }
    return began;
  }

  async #rollBack(
    spec: ModelSpec,
    { name }: EnvironmentSpec,
    live: Interval,
    monitor: Monitor,
  ): Promise<boolean> {
    const why = `${monitor.name} became ${monitor.state} ${minutesBetween(live.from, monitor.since!)} min after ${live.version} went live: ${monitor.reason}`;
    try {
      await this.#rollbacks.rollback(spec, {
        environment: name,
        reason: `Automatic roll back: ${why}`,
        by: 'system',
        automatic: true,
        requestKey: createHash('sha256')
          .update(`automatic roll back of ${live.deploymentId}`)
          .digest('hex'),
      });
      return true;
    } catch (error) {
      // Another deployment is open: this is considered again with the next reading.
      if (error instanceof ConflictError) return false;
      if (
        !(error instanceof InputError) &&
        !(error instanceof NotAllowedError)
      ) {
        throw error;
      }
      this.#logger.warn(
        `No automatic roll back of ${live.version} of ${spec.name} in ${name}: ${error.message}`,
      );
      await this.#stores.deployments.remark(
        live.deploymentId,
        {
          title: 'No automatic roll back',
          detail: `${error.message}. ${why}`,
        },
        this.#now().toISOString(),
      );
      return false;
    }
  }
}

function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
}
