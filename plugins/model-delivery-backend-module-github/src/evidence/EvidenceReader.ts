import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import type { Downloads } from '@slipway/plugin-model-delivery-node/http';
import {
  type KeyedEvidence,
  readArchive,
} from '@slipway/plugin-model-delivery-node/reports';
import { LRUCache } from 'lru-cache';
import {
  artifacts as artifactsAnswer,
  type GithubArtifact,
} from '../answers/runs';
import type { GithubClient } from '../client/GithubClient';
import type { RunReader } from '../pipelines/RunReader';
import { attemptOf } from '../pipelines/runIds';
import type { Repository } from '../targets';
import { choose } from './choose';

const MAX_ARCHIVE_BYTES = 24 * 1024 * 1024;
/** Artifacts whose evidence is kept: an artifact never changes. */
const KEPT = 2_000;

interface Options {
  client: GithubClient;
  downloads: Downloads;
  runs: RunReader;
  /** The name of the artifact, and how the names of others begin. */
  artifact: string;
  now: () => number;
}

/** Reads what runs proved, out of the artifacts in which they uploaded their reports. */
export class EvidenceReader {
  readonly #options: Options;
  readonly #read = new LRUCache<string, KeyedEvidence[]>({ max: KEPT });

  constructor(options: Options) {
    this.#options = options;
  }

  async read(
    { owner, repo }: Repository,
    runId: string,
    signal: AbortSignal,
  ): Promise<Evidence[]> {
    const { client, artifact } = this.#options;
    const repository = { owner, repo };
    const { id, attempt } = attemptOf(runId);
    const { artifacts } = await client.get(
      repository,
      '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
      { run_id: id, per_page: 100 },
      artifactsAnswer,
      signal,
    );
    const isReports = ({ name }: GithubArtifact) =>
      name === artifact || name.startsWith(`${artifact}-`);
    const before = artifacts.some(isReports)
      ? await this.#nextAttemptAt(repository, id, attempt, signal)
      : null;
    const byKey = new Map<string, Evidence>();
    for (const chosen of choose(artifacts.filter(isReports), before)) {
      for (const { key, evidence } of await this.#evidenceOf(
        repository,
        chosen,
        runId,
        signal,
      )) {
        byKey.set(key, evidence);
      }
    }
    return [...byKey.values()];
  }

  /** When the next attempt began: what came later is not of this one. */
  async #nextAttemptAt(
    repository: Repository,
    id: number,
    attempt: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    const { runs } = this.#options;
    if (attempt >= (await runs.attempts(repository, id, signal))) return null;
    const next = await runs.attempt(
      repository,
      { id, attempt: attempt + 1 },
      signal,
    );
    return next.run_started_at;
  }

  async #evidenceOf(
    repository: Repository,
    artifact: GithubArtifact,
    runId: string,
    signal: AbortSignal,
  ): Promise<KeyedEvidence[]> {
    const key = `${artifact.id} ${runId}`;
    const known = this.#read.get(key);
    if (known) return known;
    const evidence = await this.#download(repository, artifact, runId, signal);
    this.#read.set(key, evidence);
    return evidence;
  }

  async #download(
    repository: Repository,
    artifact: GithubArtifact,
    runId: string,
    signal: AbortSignal,
  ): Promise<KeyedEvidence[]> {
    const { client, downloads, now } = this.#options;
    const at = artifact.created_at ?? new Date(now()).toISOString();
    const of = { name: artifact.name, runId, at };
    if (artifact.size_in_bytes > MAX_ARCHIVE_BYTES) {
      return readArchive(null, of, signal);
    }
    const address = await client.locate(
      repository,
      '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
      { artifact_id: artifact.id, archive_format: 'zip' },
      signal,
    );
    const { bytes, cut } = await downloads.get(
      address,
      MAX_ARCHIVE_BYTES,
      signal,
    );
    return readArchive(cut ? null : bytes, of, signal);
  }
}
