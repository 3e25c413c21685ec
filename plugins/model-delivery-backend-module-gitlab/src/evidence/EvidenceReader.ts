import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import type { Downloads } from '@slipway/plugin-model-delivery-node/http';
import {
  type KeyedEvidence,
  readArchive,
} from '@slipway/plugin-model-delivery-node/reports';
import { LRUCache } from 'lru-cache';
import {
  type GitlabJob,
  testReportSummary as testReportAnswer,
} from '../answers/pipelines';
import type { GitlabClient } from '../client/GitlabClient';
import type { PipelineReader } from '../pipelines/PipelineReader';
import { newestOf } from '../pipelines/tellRun';
import { tellTests } from './tellTests';

const MAX_ARCHIVE_BYTES = 24 * 1024 * 1024;
/** Jobs whose evidence is kept: the archive of a job never changes. */
const KEPT = 2_000;

interface Options {
  client: GitlabClient;
  downloads: Downloads;
  pipelines: PipelineReader;
  /** The name of the archive, and how the names of others begin. */
  artifact: string;
  now: () => number;
}

/** Jobs that will not run by themselves, besides those that have ended. */
const AT_REST = ['manual', 'skipped', 'canceled'];

/**
 * Reads what pipelines proved, out of the archives in which their jobs uploaded reports; tests that no
 * archive has, out of GitLab's own reading of JUnit reports.
 */
export class EvidenceReader {
  readonly #options: Options;
  readonly #read = new LRUCache<string, KeyedEvidence[]>({ max: KEPT });

  constructor(options: Options) {
    this.#options = options;
  }

  async read(
    project: string,
    pipeline: number,
    signal: AbortSignal,
  ): Promise<Evidence[]> {
    const jobs = await this.#options.pipelines.jobs(project, pipeline, signal);
    const byKey = new Map<string, Evidence>();
    const byAge = newestOf(jobs).sort((a, b) => a.id - b.id);
    for (const job of byAge) {
      const archive = this.#archiveOf(job);
      if (!archive) continue;
      for (const { key, evidence } of await this.#evidenceOf(
        project,
        job,
        archive,
        signal,
      )) {
        byKey.set(key, evidence);
      }
    }
    const tests = await this.#testsOf(project, pipeline, byAge, signal);
    for (const { key, evidence } of tests) {
      if (!byKey.has(key)) byKey.set(key, evidence);
    }
    return [...byKey.values()];
  }

  /**
   * The tests of the JUnit reports that jobs gave to GitLab itself, once all jobs have ended: half of a
   * suite that passed proves nothing.
   */
  async #testsOf(
    project: string,
    pipeline: number,
    jobs: GitlabJob[],
    signal: AbortSignal,
  ): Promise<KeyedEvidence[]> {
    if (!jobs.some(hasJunit) || jobs.some(isUnderWay)) return [];
    const { client, now } = this.#options;
    const { test_suites: suites } = await client.get(
      project,
      async api => api.pipelines.showTestReportSummary(project, pipeline),
      testReportAnswer,
      signal,
    );
    const ends = jobs.filter(hasJunit).map(({ finished_at: end }) => end ?? '');
    const at = ends.sort().at(-1) || new Date(now()).toISOString();
    return tellTests(suites, { runId: String(pipeline), at });
  }

  /** Undefined where there is none, or none any more. */
  #archiveOf({ artifacts, artifacts_expire_at: until }: GitlabJob) {
    const { artifact, now } = this.#options;
    if (until !== null && Date.parse(until) <= now()) return undefined;
    return artifacts.find(
      ({ file_type: type, filename }) =>
        type === 'archive' &&
        (filename === `${artifact}.zip` || filename.startsWith(`${artifact}-`)),
    );
  }

  async #evidenceOf(
    project: string,
    job: GitlabJob,
    archive: { filename: string; size: number },
    signal: AbortSignal,
  ): Promise<KeyedEvidence[]> {
    const key = `${project} ${job.id}`;
    const known = this.#read.get(key);
    if (known) return known;
    const of = {
      name: archive.filename.replace(/\.zip$/, ''),
      runId: String(job.pipeline.id),
      at: job.finished_at ?? new Date(this.#options.now()).toISOString(),
      folder: 'reports',
    };
    const bytes =
      archive.size > MAX_ARCHIVE_BYTES
        ? null
        : await this.#download(project, job.id, signal);
    const evidence = await readArchive(bytes, of, signal);
    this.#read.set(key, evidence);
    return evidence;
  }

  /** Null where it has more bytes than are read. */
  async #download(
    project: string,
    jobId: number,
    signal: AbortSignal,
  ): Promise<Buffer | null> {
    const { client, downloads } = this.#options;
    const content = await client.content(
      project,
      async api => api.jobArtifacts.downloadArchive(project, { jobId }),
      MAX_ARCHIVE_BYTES,
      signal,
    );
    const { bytes, cut } =
      'location' in content
        ? await downloads.get(content.location, MAX_ARCHIVE_BYTES, signal)
        : content;
    return cut ? null : bytes;
  }
}

function isUnderWay({ finished_at: end, status }: GitlabJob): boolean {
  return end === null && !AT_REST.includes(status);
}

function hasJunit({ artifacts }: GitlabJob): boolean {
  return artifacts.some(({ file_type: type }) => type === 'junit');
}
