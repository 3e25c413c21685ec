import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { liveVersions } from '../aggregation/buildSummary';
import type { Stores } from '../database/stores';
import { candidateFor, mayDeployOnJudgement } from '../policy/candidate';
import type { DeliveryService } from './DeliveryService';
import { gatesOf } from './gatesOf';

/**
 * Delivers new versions to the environments that say `deploy: automatic`. It may be asked at any
 * time and as often as one likes: one version is asked for once in one environment.
 */
export class AutomaticDelivery {
  constructor(
    private readonly options: {
      stores: Stores;
      delivery: DeliveryService;
      logger: LoggerService;
      now: () => Date;
    },
  ) {}

  async consider(spec: ModelSpec): Promise<void> {
    const { stores, delivery, logger } = this.options;
    const newest = await stores.versions.newest(spec.entityRef);
    const intervals = await stores.live.current(spec.entityRef);
    const versions = await stores.versions.find(
      spec.entityRef,
      [...intervals.values()].map(i => i.version),
    );
    const live = liveVersions({ live: intervals, versions });
    for (const environment of spec.environments) {
      if (environment.deploy !== 'automatic') continue;
      const candidate = candidateFor(environment, live, newest);
      if (!candidate) continue;
      const idempotencyKey = `automatic:${environment.name}:${candidate.version}`;
      const asked = await stores.deployments.byIdempotencyKey(
        spec.entityRef,
        idempotencyKey,
      );
      if (asked) continue;
      const report = await gatesOf(
        stores,
        spec,
        environment.name,
        candidate.version,
        this.options.now().toISOString(),
      );
      const held =
        report.outcome === 'judgement' &&
        !mayDeployOnJudgement(environment, spec.environments);
      if (held) continue;
      try {
        await delivery.deploy(spec, {
          environment: environment.name,
          version: candidate.version,
          reason: `Automatic: ${report.summary}`,
          by: 'system',
          automatic: true,
          idempotencyKey,
        });
      } catch (error) {
        // Another one is open: this is asked again when that one ends.
        if (!(error instanceof ConflictError)) throw error;
        logger.debug(
          `${candidate.version} of ${spec.name} waits: ${error.message}`,
        );
      }
    }
  }
}
