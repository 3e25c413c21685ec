import { ConflictError, NotFoundError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { ENDED, pipelineKey } from '../database/RunStore';
import { whereToName } from '../policy/whereToName';
import { targetOf } from '../providers/targetOf';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';
import { sourcesOf } from './sourcesOf';
import { upstream } from './upstream';

export function mountRuns(options: MountOptions, deps: RouteDeps): void {
  const { stores, registry } = deps;

  const pipelineOf = (
    spec: ModelSpec,
    providerId?: string,
    key?: string | null,
  ) => {
    const ofProvider = spec.pipelines.filter(
      p => !providerId || p.provider === providerId,
    );
    const target =
      ofProvider.find(p => pipelineKey(p) === key) ?? ofProvider[0];
    if (!target) {
      throw new NotFoundError(
        `${spec.name} declares no pipeline${
          providerId ? ` of ${providerId}` : ''
        }; name it in ${whereToName(spec, 'pipelines')}`,
      );
    }
    return {
      provider: registry.get('pipelines', target.provider),
      model: targetOf(spec, target),
    };
  };
  const runOf = async (spec: ModelSpec, runId: string) => {
    const found = await stores.runs.get(spec.entityRef, runId);
    if (!found) throw new NotFoundError(`${spec.name} has no run ${runId}`);
    const { provider, model } = pipelineOf(
      spec,
      found.run.provider,
      found.pipeline,
    );
    return { ...found, provider, model };
  };

  mountModel(options, 'listRuns', async ({ spec, query }) => ({
    ...(await stores.runs.list(
      spec.entityRef,
      { kind: query.runKind, status: query.status, branch: query.branch },
      query,
    )),
    sources: await sourcesOf(deps, spec, 'pipelines'),
  }));

  mountModel(options, 'getRun', async ({ spec, params }) => {
    const found = await stores.runs.get(spec.entityRef, params.runId);
    if (!found) {
      throw new NotFoundError(`${spec.name} has no run ${params.runId}`);
    }
    return {
      ...found.run,
      jobs: found.jobs,
      evidence: await stores.versions.evidence(spec.entityRef, {
        type: 'run',
        id: params.runId,
      }),
    };
  });

  mountModel(options, 'getRunLog', async ({ spec, params, query, signal }) => {
    const { provider, model } = await runOf(spec, params.runId);
    return upstream(provider.title, () =>
      provider.readLog(model, params.runId, query.job, query, { signal }),
    );
  });

  mountModel(options, 'triggerRun', async call => {
    const { spec, body, signal, by, idempotencyKey } = call;
    const { provider, model } = pipelineOf(spec);
    const asked = { key: idempotencyKey, reason: body.reason, by };
    return upstream(provider.title, async () => {
      if (body.kind === 'training') {
        return provider.trigger(
          model,
          { kind: 'training', ref: body.ref, ...asked },
          { signal },
        );
      }
      const champion = await deps.championOf(spec);
      return provider.trigger(
        model,
        { kind: 'evaluation', version: body.version, champion, ...asked },
        { signal },
      );
    });
  });

  mountModel(options, 'rerunRun', async call => {
    const { spec, params, signal, by, idempotencyKey } = call;
    const { provider, model } = await runOf(spec, params.runId);
    return upstream(provider.title, () =>
      provider.rerun(
        model,
        params.runId,
        { key: idempotencyKey, by },
        { signal },
      ),
    );
  });

  mountModel(options, 'cancelRun', async ({ spec, params, signal, by }) => {
    const { run, provider, model } = await runOf(spec, params.runId);
    if (ENDED.includes(run.status)) {
      throw new ConflictError(
        run.status === 'cancelled'
          ? `Run ${run.number} was cancelled already`
          : `Run ${run.number} has ended (${run.status}); there is nothing to cancel`,
      );
    }
    await upstream(provider.title, () =>
      provider.cancel(model, params.runId, { by }, { signal }),
    );
    return {};
  });
}
