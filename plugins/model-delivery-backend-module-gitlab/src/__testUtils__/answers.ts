import type { PipelineSchema } from '@gitbeaker/rest';
import {
  type DeploymentState,
  ENDED,
  type JobState,
  type PipelineState,
} from './standInState';

/** GitLab's answers, with the fields that its API documentation shows. */

export function listedPipeline(pipeline: PipelineState) {
  const { id, ref, status, source, name, createdAt, finishedAt } = pipeline;
  return {
    id,
    iid: id - 900,
    project_id: 1,
    sha: 'a'.repeat(40),
    ref,
    status,
    source,
    created_at: createdAt,
    updated_at: finishedAt ?? createdAt,
    web_url: `https://gitlab.example/-/pipelines/${id}`,
    name,
  } satisfies PipelineSchema;
}

export function shownPipeline(pipeline: PipelineState) {
  return {
    ...listedPipeline(pipeline),
    tag: false,
    yaml_errors: null,
    user: { id: 1, username: 'ada', name: 'Ada' },
    started_at: pipeline.createdAt,
    finished_at: pipeline.finishedAt,
  };
}

export function shownJob(pipeline: PipelineState, job: JobState) {
  const { log: _log, retried: _retried, archive, ...more } = job;
  const { junit, expiresAt, ...rest } = more;
  const artifacts = [
    archive && {
      file_type: 'archive',
      filename: archive.filename,
      size: archive.zip.length,
      file_format: 'zip',
    },
    junit && {
      file_type: 'junit',
      filename: 'junit.xml.gz',
      size: 100,
      file_format: 'gzip',
    },
  ];
  return {
    ...rest,
    started_at: pipeline.createdAt,
    finished_at: ENDED.includes(job.status)
      ? (pipeline.finishedAt ?? pipeline.createdAt)
      : null,
    web_url: `https://gitlab.example/-/jobs/${job.id}`,
    pipeline: listedPipeline(pipeline),
    commit: { title: 'Change', author_name: 'Ada' },
    artifacts_expire_at: expiresAt,
    artifacts: artifacts.filter(Boolean),
  };
}

export function shownDeployment({
  id,
  environment,
  status,
  ref,
  updatedAt,
  by,
}: DeploymentState) {
  return {
    id,
    iid: id,
    ref,
    sha: 'a'.repeat(40),
    created_at: updatedAt,
    updated_at: updatedAt,
    status,
    user: { id: 1, username: 'ada', name: 'Ada' },
    environment: {
      id: 9,
      name: environment,
      slug: environment,
      external_url: `https://${environment}.penguins.example`,
    },
    deployable: by ? shownJob(by.pipeline, by.job) : null,
  };
}
