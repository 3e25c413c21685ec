import {
  type ModelTarget,
  type PageRequest,
  type PipelineProvider,
  type ProviderContext,
  ProviderError,
  type TriggerRequest,
} from '@slipway/plugin-model-delivery-node';
import {
  KeyedOnce,
  withUserFacingErrors,
} from '@slipway/plugin-model-delivery-node/http';
import { anything } from '../answers/repositories';
import type { GithubParts } from '../GithubParts';
import { pipelineTargetOf, subjectOfTarget } from '../targets';
import { attemptOf, runIdOf } from './runIds';
import { tellJob } from './tellRun';

const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';

/** Reads and drives the runs of GitHub Actions. */
export class GithubPipelineProvider implements PipelineProvider {
  readonly #parts: GithubParts;
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly #reruns = new KeyedOnce<string>();

  constructor(parts: GithubParts) {
    this.#parts = parts;
    this.id = parts.instance.id;
    this.title = parts.instance.title;
    this.host = parts.instance.host;
  }

  budget() {
    return this.#parts.budgets.scarcest;
  }

  lookAgainInSeconds(activity: 'busy' | 'quiet') {
    return this.#parts.pace.lookAgainInSeconds(activity);
  }

  subjectOf(model: ModelTarget) {
    return subjectOfTarget(this.host, model);
  }

  async test({ signal }: ProviderContext) {
    return withUserFacingErrors(async () =>
      this.#parts.connection.test(signal),
    );
  }

  async candidates(search: string, { signal }: ProviderContext) {
    return withUserFacingErrors(async () =>
      this.#parts.candidates.find(search, signal),
    );
  }

  async listRuns(
    model: ModelTarget,
    page: PageRequest,
    { signal }: ProviderContext,
  ) {
    return this.#parts.runs.list(pipelineTargetOf(model), page, signal);
  }

  /** One run as it is now. @throws ProviderError `not-found` */
  async getRun(model: ModelTarget, runId: string, { signal }: ProviderContext) {
    const target = pipelineTargetOf(model);
    const { runs } = this.#parts;
    const run = await runs.attempt(target, attemptOf(runId), signal);
    return runs.tell(target, run, signal);
  }

  async getJobs(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ) {
    const jobs = await this.#parts.runs.jobs(
      pipelineTargetOf(model),
      attemptOf(runId),
      signal,
    );
    return jobs.map(tellJob);
  }

  async getEvidence(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ) {
    return this.#parts.evidence.read(pipelineTargetOf(model), runId, signal);
  }

  async readLog(
    model: ModelTarget,
    runId: string,
    job: string,
    range: { after: number; limit: number },
    { signal }: ProviderContext,
  ) {
    return withUserFacingErrors(async () =>
      this.#parts.logs.read(
        pipelineTargetOf(model),
        { run: attemptOf(runId).id, job },
        range,
        signal,
      ),
    );
  }

  async trigger(
    model: ModelTarget,
    request: TriggerRequest & { key: string; reason: string; by: string },
    { signal }: ProviderContext,
  ) {
    const target = pipelineTargetOf(model);
    const { workflow } = target;
    if (workflow === null) {
      throw new ProviderError(
        'unsupported',
        `${model.entityRef} names no workflow of ${target.owner}/${target.repo}, so it isn't known which to start.`,
      );
    }
    const told = { reason: request.reason, requested_by: request.by };
    const id = await withUserFacingErrors(async () =>
      this.#parts.workflows.dispatch(
        target,
        {
          workflow,
          key: request.key,
          ...(request.kind === 'training'
            ? { ref: request.ref, inputs: told, needed: [] }
            : {
                ref: target.ref,
                inputs: {
                  ...told,
                  version: request.version,
                  champion_version: request.champion?.version ?? '',
                  champion_digest: request.champion?.digest ?? '',
                },
                needed: ['version'],
              }),
        },
        signal,
      ),
    );
    return { runId: runIdOf({ id, attempt: 1 }) };
  }

  /**
   * GitHub runs again in place, as the next attempt. It keeps no key, so the key is remembered
   * here; and an attempt that somebody else has begun meanwhile is the one that was asked for.
   */
  async rerun(
    model: ModelTarget,
    runId: string,
    request: { key: string; by: string },
    { signal }: ProviderContext,
  ) {
    const target = pipelineTargetOf(model);
    const { id, attempt } = attemptOf(runId);
    const key = `${target.owner}/${target.repo}/${request.key}`;
    const rerun = async () => {
      const latest = await this.#parts.runs.latest(target, id, signal);
      const { run_attempt: newest } = latest;
      if (latest.status !== 'completed') {
        if (newest > attempt) return runIdOf({ id, attempt: newest });
        throw new ProviderError(
          'bad-data',
          'The run has not ended yet, so it can’t run again; cancel it first.',
        );
      }
      await this.#parts.client.act(
        { owner: target.owner, repo: target.repo },
        `POST ${RUN}/rerun`,
        { run_id: id },
        anything,
        signal,
      );
      return runIdOf({ id, attempt: newest + 1 });
    };
    return {
      runId: await this.#reruns.do(key, async () =>
        withUserFacingErrors(rerun),
      ),
    };
  }

  async cancel(
    model: ModelTarget,
    runId: string,
    _request: { by: string },
    { signal }: ProviderContext,
  ) {
    await withUserFacingErrors(async () =>
      this.#parts.cancelRun(pipelineTargetOf(model), attemptOf(runId), signal),
    );
  }

  async authors(
    model: ModelTarget,
    range: { from: string | null; to: string },
    { signal }: ProviderContext,
  ) {
    return withUserFacingErrors(async () =>
      this.#parts.authors.find(pipelineTargetOf(model), range, signal),
    );
  }

  async findFiles(
    model: ModelTarget,
    paths: string[],
    { signal }: ProviderContext,
  ) {
    return withUserFacingErrors(async () =>
      this.#parts.proposals.findFiles(pipelineTargetOf(model), paths, signal),
    );
  }

  async propose(
    model: ModelTarget,
    request: {
      path: string;
      content: string;
      title: string;
      body: string;
      by: string;
    },
    { signal }: ProviderContext,
  ) {
    return withUserFacingErrors(async () =>
      this.#parts.proposals.propose(pipelineTargetOf(model), request, signal),
    );
  }

  async repository(model: ModelTarget, { signal }: ProviderContext) {
    signal.throwIfAborted();
    const url = this.#parts.client.link(pipelineTargetOf(model));
    return {
      url,
      cloneUrl: `${url}.git`,
      compareUrl: `${url}/compare/{from}...{to}`,
    };
  }
}
