import type {
  Evidence,
  Job,
  LogChunk,
  repository,
  run,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type {
  ModelTarget,
  Page,
  PageRequest,
  ProviderContext,
  ProviderIdentity,
} from './common';

/** A run as a provider tells it: `provider` is filled in by the backend. */
export type ProviderRun = Omit<z.input<typeof run>, 'provider'>;

export type TriggerRequest =
  | { kind: 'training'; ref: string }
  /** Evaluates one version again, against the version that is live now. */
  | { kind: 'evaluation'; version: string; champion: ChampionRef | null };

export interface ChampionRef {
  version: string;
  /** sha256 of the champion's manifest. */
  digest: string | null;
}

/** Who wrote commits, as the repository says: names and addresses are not verified. */
export interface CommitAuthor {
  name: string;
  email: string;
}

/** What a training would be made of now. */
export interface DataSnapshot {
  /** The commit that it would run. */
  commit: string;
  /** Of the training data; null where it is not known before the training. */
  datasetDigest: string | null;
  /** A sentence about the data that arrived; null where none did. */
  arrived: string | null;
}

/** Reads and drives the runs of a model's pipelines. */
export interface PipelineProvider extends ProviderIdentity {
  /** Newest first; stable under paging while new runs arrive. */
  listRuns(
    model: ModelTarget,
    page: PageRequest,
    context: ProviderContext,
  ): Promise<Page<ProviderRun>>;
  /**
   * One run as it is now, as `listRuns` would tell it: asked for one that is under way and no longer
   * on the pages read. Left out, `listRuns` is all there is, and the end of such a run is missed.
   *
   * @throws ProviderError `not-found`, which ends it as one whose end is not known.
   */
  getRun?(
    model: ModelTarget,
    runId: string,
    context: ProviderContext,
  ): Promise<ProviderRun>;
  /** Jobs in the order of the graph. @throws ProviderError `not-found` */
  getJobs(
    model: ModelTarget,
    runId: string,
    context: ProviderContext,
  ): Promise<Job[]>;
  /** What the run proved so far; a report that does not parse is evidence of status `error`. */
  getEvidence(
    model: ModelTarget,
    runId: string,
    context: ProviderContext,
  ): Promise<Evidence[]>;
  /** At most `limit` lines whose number is greater than `after`. */
  readLog(
    model: ModelTarget,
    runId: string,
    jobId: string,
    range: { after: number; limit: number },
    context: ProviderContext,
  ): Promise<LogChunk>;
  /** Idempotent by `key`: the same key answers with the same run. */
  trigger(
    model: ModelTarget,
    request: TriggerRequest & { key: string; reason: string; by: string },
    context: ProviderContext,
  ): Promise<{ runId: string }>;
  /**
   * Takes a new snapshot of the data that a training of a branch reads, where the project offers one.
   * Idempotent: where no data arrived it changes nothing. Left out, it is not known whether
   * the data changed, and every training counts as one on new data.
   */
  snapshotData?(
    model: ModelTarget,
    request: { ref: string; reason: string; by: string },
    context: ProviderContext,
  ): Promise<DataSnapshot>;
  rerun(
    model: ModelTarget,
    runId: string,
    request: { key: string; by: string },
    context: ProviderContext,
  ): Promise<{ runId: string }>;
  /** Cancelling what has ended is no error. */
  cancel(
    model: ModelTarget,
    runId: string,
    request: { by: string },
    context: ProviderContext,
  ): Promise<void>;
  /** Which of these files the default branch has, such as `catalog-info.yaml`. */
  findFiles?(
    model: ModelTarget,
    paths: string[],
    context: ProviderContext,
  ): Promise<string[]>;
  /**
   * Proposes one file to the default branch, as a pull request. Idempotent by path: a proposal
   * that is open is brought up to date.
   */
  propose?(
    model: ModelTarget,
    request: {
      path: string;
      content: string;
      title: string;
      body: string;
      by: string;
    },
    context: ProviderContext,
  ): Promise<{ url: string }>;
  /**
   * Who wrote the commits that lead to `to` and not to `from`, each once; without `from`, all that
   * lead to `to`. Left out, nobody can tell.
   *
   * @throws ProviderError `not-found` for a commit that the repository does not have.
   */
  authors?(
    model: ModelTarget,
    range: { from: string | null; to: string },
    context: ProviderContext,
  ): Promise<CommitAuthor[]>;
  /**
   * Where people find the code. In `compareUrl`, the page of what lies between two commits,
   * `{from}` and `{to}` stand for them.
   */
  repository?(
    model: ModelTarget,
    context: ProviderContext,
  ): Promise<z.input<typeof repository>>;
}
