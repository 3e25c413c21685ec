import {
  type DeployRequest,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { GithubDeployment } from '../answers/deployments';
import type { GithubParts } from '../GithubParts';
import { attemptOf } from '../pipelines/runIds';
import type { DeploymentTarget } from '../targets';
import { endOf, runOf } from './Records';

/** What asking again will not change. */
const FINAL = ['bad-data', 'not-found', 'forbidden', 'unsupported'];

/**
 * Goes on from the last note that a deployment carries: recorded, about to be started, started. What
 * GitHub refuses for good is noted as its end.
 */
export async function beginDeployment(
  parts: GithubParts,
  target: DeploymentTarget,
  request: DeployRequest,
  signal: AbortSignal,
): Promise<void> {
  const { records, workflows } = parts;
  const record = await recordOf(parts, target, request, signal);
  const statuses = await records.statuses(target, record.id, signal);
  if (endOf(statuses) || runOf(statuses) !== null) return;
  try {
    if (request.runId !== undefined) {
      const { id } = attemptOf(request.runId);
      await noteRun(parts, target, { record: record.id, run: id }, signal);
      return;
    }
    const noted = statuses.find(({ state }) => state === 'pending');
    const begun = noted
      ? await workflows.startedSince(
          target,
          {
            workflow: target.workflow,
            key: request.deploymentId,
            since: noted.created_at,
          },
          signal,
        )
      : null;
    if (!noted) {
      await records.addStatus(
        target,
        record.id,
        { state: 'pending', description: `Starts ${target.workflow}.` },
        signal,
      );
    }
    const run =
      begun ??
      (await workflows.dispatch(
        target,
        {
          workflow: target.workflow,
          ref: target.ref,
          key: request.deploymentId,
          inputs: inputsOf(target, request),
          needed: ['version'],
        },
        signal,
      ));
    await noteRun(parts, target, { record: record.id, run }, signal);
  } catch (error) {
    if (!(error instanceof ProviderError) || !FINAL.includes(error.kind)) {
      throw error;
    }
    await records.addStatus(
      target,
      record.id,
      { state: 'failure', description: error.message },
      signal,
    );
  }
}

/** Notes which run carries a deployment out. */
async function noteRun(
  { records, client }: GithubParts,
  target: DeploymentTarget,
  { record, run }: { record: number; run: number },
  signal: AbortSignal,
): Promise<void> {
  await records.addStatus(
    target,
    record,
    {
      state: 'queued',
      description: `${target.workflow} was started.`,
      logUrl: client.link(target, `/actions/runs/${run}`),
    },
    signal,
  );
}

/**
 * Where two processes make one each at once, the first counts; the process that made the other leaves it to
 * its maker for now, and comes back.
 */
async function recordOf(
  parts: GithubParts,
  target: DeploymentTarget,
  { deploymentId, version, digest }: DeployRequest,
  signal: AbortSignal,
): Promise<GithubDeployment> {
  const { records, workflows } = parts;
  const known = await records.find(target, deploymentId, signal);
  if (known) return known;
  const ref = target.ref ?? (await workflows.defaultBranch(target, signal));
  const made = await records.create(
    target,
    { deploymentId, version, digest, ref },
    signal,
  );
  const first = await records.find(target, deploymentId, signal);
  if (first && first.id !== made.id) {
    throw new ProviderError(
      'unavailable',
      `Another process has just begun to deploy ${version}; looking again soon.`,
    );
  }
  return made;
}

function inputsOf(
  target: DeploymentTarget,
  request: DeployRequest,
): Record<string, string> {
  return {
    version: request.version,
    environment: target.environment,
    deployment_id: request.deploymentId,
    digest: request.digest ?? '',
    artifact_uri: request.artifactUri ?? '',
  };
}
