import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError, toError } from '@backstage/errors';
import type {
  LiveInterval,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Interval } from '../database/LiveStore';
import { targetOf } from '../providers/targetOf';
import { environmentOf } from '../delivery/environmentOf';
import { evaluateGatesFor } from '../delivery/evaluateGatesFor';
import { signatureImpact } from '../policy/signatureImpact';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountEnvironment, mountModel } from './mount';
import { sourcesOf } from './sourcesOf';
import { upstream } from './upstream';

export function mountEnvironments(
  options: MountOptions,
  deps: RouteDeps,
): void {
  const { stores } = deps;
  const declared = (call: {
    spec: ModelSpec;
    params: { environment: string };
  }) => environmentOf(call.spec, call.params.environment).name;

  mountModel(options, 'getHistory', async ({ spec, params, query }) => {
    environmentOf(spec, params.environment);
    const { items, nextCursor } = await stores.live.history(
      spec.entityRef,
      params.environment,
      query,
      query,
    );
    const live = (await stores.live.current(spec.entityRef)).get(
      params.environment,
    );
    const known = await stores.versions.find(spec.entityRef, [
      ...new Set(items.map(i => i.version)),
    ]);
    return {
      items: items.map(interval =>
        withRollback(interval, live, known.has(interval.version)),
      ),
      nextCursor,
      sources: await sourcesOf(deps, spec, 'deployments'),
    };
  });

  mountModel(options, 'getGates', async ({ spec, params, query }) => {
    const evidencePending = await deps.evidence.lookAt(spec, [query.version]);
    const { report } = await evaluateGatesFor(
      deps,
      spec,
      params.environment,
      query.version,
      deps.now().toISOString(),
    );
    return { ...report, evidencePending };
  });

  mountModel(options, 'getImpact', async call => {
    const { spec, params, query, credentials } = call;
    const { name: environment } = environmentOf(spec, params.environment);
    const { version } = query;
    if (!(await stores.versions.get(spec.entityRef, version))) {
      throw new NotFoundError(`${spec.name} has no version ${version}`);
    }
    const live = (await stores.live.current(spec.entityRef)).get(environment);
    const versions = live ? [version, live.version] : [version];
    const evidencePending = await deps.evidence.lookAt(spec, versions);
    const evidence = await stores.versions.evidenceOf(
      spec.entityRef,
      'version',
      versions,
    );
    const signed = (name: string) => ({
      version: name,
      evidence: evidence.get(name) ?? [],
    });
    return {
      environment,
      version,
      liveVersion: live?.version ?? null,
      signature: signatureImpact(
        signed(version),
        live ? signed(live.version) : null,
      ),
      ...(await consumersOf(deps, spec.entityRef, credentials)),
      evidencePending,
    };
  });

  mountEnvironment(options, 'rollback', declared, async call => {
    const { spec, params, body, by, idempotencyKey } = call;
    const answer = await deps.rollbacks.rollback(spec, {
      environment: params.environment,
      to: body.to,
      reason: body.reason,
      by,
      automatic: false,
      requestKey: idempotencyKey,
    });
    deps.wakeDelivery();
    return answer;
  });

  mountEnvironment(options, 'bringBack', declared, async call => {
    const { spec, params, body, by, idempotencyKey } = call;
    const answer = await deps.rollbacks.bringBack(spec, {
      environment: params.environment,
      reason: body.reason,
      by,
      automatic: false,
      requestKey: idempotencyKey,
    });
    deps.wakeDelivery();
    return answer;
  });

  mountEnvironment(options, 'adopt', declared, async call => {
    const { spec, params, body, by, idempotencyKey } = call;
    return deps.rollbacks.adopt(spec, {
      environment: params.environment,
      reason: body.reason,
      by,
      requestKey: idempotencyKey,
    });
  });

  mountEnvironment(
    options,
    'liftHold',
    declared,
    async ({ spec, params, body, by }) => {
      await deps.delivery.liftHold(spec, params.environment, {
        by,
        reason: body.reason,
      });
      await deps.deliverAutomatically(spec);
      return {};
    },
  );

  mountModel(options, 'predict', async ({ spec, body, signal }) => {
    const environment = environmentOf(spec, body.environment);
    const provider = deps.registry.get(
      'deployments',
      environment.target.provider,
    );
    return upstream(provider.title, async () => {
      if (!provider.predict) {
        throw deps.unsupported(
          'it does not support inference requests; use its own address',
        );
      }
      return provider.predict(
        {
          ...targetOf(spec, environment.target),
          environment: environment.name,
        },
        body.inputs,
        { signal },
      );
    });
  });
}

/** The catalog fails neither the dialog nor the verdict on the signature. */
async function consumersOf(
  { consumers, logger }: RouteDeps,
  entityRef: string,
  credentials: BackstageCredentials,
) {
  try {
    return { ...(await consumers.of(entityRef, credentials)), problem: null };
  } catch (error) {
    logger.warn(`Could not find who uses ${entityRef}`, toError(error));
    return {
      apis: [],
      consumers: null,
      problem: 'The catalog could not be asked who uses this model. Try again.',
    };
  }
}

/** Whether a roll back may go to what was live in a stretch, and if not why. */
function withRollback(
  interval: Interval,
  live: Interval | undefined,
  known: boolean,
): LiveInterval {
  const { digest, automatic, ...shown } = interval;
  let reason: string | null = null;
  if (interval.to === null || interval.version === live?.version) {
    reason = 'It is live now.';
  } else if (interval.endedBy === 'rolled-back') {
    reason = 'It was rolled back.';
  } else if (!known) {
    reason = 'The registry does not have it any more.';
  }
  return { ...shown, rollback: { offered: reason === null, reason } };
}
