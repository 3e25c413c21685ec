import {
  type CommitRange,
  type ModelTarget,
  type PageRequest,
  type PipelineProvider,
  type ProviderContext,
  ProviderError,
  type TriggerRequest,
} from '@slipway/plugin-model-delivery-node';
import { withUserFacingErrors } from '@slipway/plugin-model-delivery-node/http';
import { anything, variables as variablesAnswer } from '../answers/pipelines';
import type { GitlabParts } from '../GitlabParts';
import type { Proposal } from '../projects/Proposals';
import { pipelineTargetOf, subjectOfTarget } from '../targets';
import { idOf } from './runIds';
import { tellJobs } from './tellRun';

/** Reads and drives the pipelines of GitLab CI/CD. */
export class GitlabPipelineProvider implements PipelineProvider {
  readonly #parts: GitlabParts;
  readonly id: string;
  readonly title: string;
  readonly host: string;

  constructor(parts: GitlabParts) {
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
    return this.#parts.pipelines.list(pipelineTargetOf(model), page, signal);
  }

  async getRun(model: ModelTarget, runId: string, { signal }: ProviderContext) {
    const { project } = pipelineTargetOf(model);
    return this.#parts.pipelines.run(project, idOf(runId, 'run'), signal);
  }

  async getJobs(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    return tellJobs(
      await this.#parts.pipelines.jobs(project, idOf(runId, 'run'), signal),
    );
  }

  async getEvidence(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    return this.#parts.evidence.read(project, idOf(runId, 'run'), signal);
  }

  async readLog(
    model: ModelTarget,
    runId: string,
    job: string,
    range: { after: number; limit: number },
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    const of = { pipeline: idOf(runId, 'run'), job: idOf(job, 'job') };
    return withUserFacingErrors(async () =>
      this.#parts.logs.read(project, of, range, signal),
    );
  }

  async trigger(
    model: ModelTarget,
    request: TriggerRequest & { key: string; reason: string; by: string },
    { signal }: ProviderContext,
  ) {
    const target = pipelineTargetOf(model);
    const told = {
      SLIPWAY_REASON: request.reason,
      SLIPWAY_REQUESTED_BY: request.by,
    };
    const { ref, variables } =
      request.kind === 'training'
        ? {
            ref: request.ref,
            variables: { SLIPWAY_ACTION: 'train', ...told },
          }
        : {
            ref: target.ref,
            variables: {
              SLIPWAY_ACTION: 'evaluate',
              SLIPWAY_VERSION: request.version,
              SLIPWAY_CHAMPION_VERSION: request.champion?.version ?? '',
              SLIPWAY_CHAMPION_DIGEST: request.champion?.digest ?? '',
              ...told,
            },
          };
    const id = await withUserFacingErrors(async () =>
      this.#parts.starts.start(
        { project: target.project, ref },
        { key: request.key, variables },
        signal,
      ),
    );
    return { runId: String(id) };
  }

  /**
   * GitLab retries jobs in place, and only those that did not pass. To run again is another pipeline of
   * the same branch with the same variables.
   */
  async rerun(
    model: ModelTarget,
    runId: string,
    { key }: { key: string; by: string },
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    const { client, pipelines, starts } = this.#parts;
    const rerun = async () => {
      const {
        id,
        ref,
        source,
        finished_at: end,
      } = await pipelines.pipeline(project, idOf(runId, 'run'), signal);
      if (end === null) {
        throw new ProviderError(
          'bad-data',
          'The run has not ended yet, so it can’t run again; cancel it first.',
        );
      }
      if (source === 'merge_request_event') {
        throw new ProviderError(
          'unsupported',
          'Run a merge request’s pipeline again on its page on GitLab.',
        );
      }
      const before = await client.get(
        project,
        async api => api.pipelines.allVariables(project, id),
        variablesAnswer,
        signal,
      );
      const variables = Object.fromEntries(
        before.map(one => [one.key, one.value]),
      );
      return starts.start({ project, ref }, { key, variables }, signal);
    };
    return { runId: String(await withUserFacingErrors(rerun)) };
  }

  async cancel(
    model: ModelTarget,
    runId: string,
    _request: { by: string },
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    const id = idOf(runId, 'run');
    const { client, pipelines } = this.#parts;
    await withUserFacingErrors(async () => {
      const { finished_at: end } = await pipelines.pipeline(
        project,
        id,
        signal,
      );
      if (end !== null) return;
      await client.act(
        project,
        async api => api.pipelines.cancel(project, id),
        anything,
        signal,
      );
    });
  }

  async findFiles(
    model: ModelTarget,
    paths: string[],
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    return withUserFacingErrors(async () =>
      this.#parts.proposals.findFiles(project, paths, signal),
    );
  }

  async propose(
    model: ModelTarget,
    proposal: Proposal,
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    return withUserFacingErrors(async () =>
      this.#parts.proposals.propose(project, proposal, signal),
    );
  }

  async authors(
    model: ModelTarget,
    range: CommitRange,
    { signal }: ProviderContext,
  ) {
    const { project } = pipelineTargetOf(model);
    return withUserFacingErrors(async () =>
      this.#parts.authors.find(project, range, signal),
    );
  }

  async repository(model: ModelTarget, { signal }: ProviderContext) {
    signal.throwIfAborted();
    const url = this.#parts.client.link(pipelineTargetOf(model).project);
    return {
      url,
      cloneUrl: `${url}.git`,
      compareUrl: `${url}/-/compare/{from}...{to}`,
    };
  }
}
