import { z } from 'zod';
import { id, optionalText, requiredTime, text, time } from './fields';

/** What GitLab answers about pipelines. Fields that are not used are dropped, since the rest is kept. */

const listed = z.object({
  id,
  iid: z.int(),
  status: text(40),
  source: text(60),
  ref: text(250),
  sha: text(64),
  name: optionalText(300),
  web_url: text(500),
  created_at: requiredTime,
  updated_at: requiredTime,
});
export const pipelines = z.array(listed).max(100);

export const pipeline = listed.extend({
  yaml_errors: optionalText(300),
  started_at: time,
  finished_at: time,
  user: z
    .object({ name: text(200) })
    .nullish()
    .transform(value => value ?? null),
});
export type GitlabPipeline = z.output<typeof pipeline>;

const artifact = z.object({
  file_type: text(40),
  filename: text(300),
  size: z.number(),
});
export const job = z.object({
  id,
  name: text(300),
  stage: text(100),
  status: text(40),
  failure_reason: optionalText(100),
  allow_failure: z.boolean().catch(false),
  started_at: time,
  finished_at: time,
  web_url: optionalText(500),
  artifacts_expire_at: time,
  artifacts: z.array(artifact).max(100).catch([]),
  pipeline: z.object({ id }),
  commit: z
    .object({ title: text(500), author_name: optionalText(200) })
    .nullish()
    .transform(value => value ?? null),
});
export type GitlabJob = z.output<typeof job>;
export const jobs = z.array(job).max(100);

export const variables = z
  .array(z.object({ key: text(255), value: z.string().max(10_000) }))
  .max(1_000);

const count = z.int().min(0);
const suite = z.object({
  name: text(300),
  total_time: z.number().min(0).nullable().catch(null),
  success_count: count,
  failed_count: count,
  skipped_count: count,
  error_count: count,
  suite_error: optionalText(1_000),
});
/** The counts of the JUnit reports that jobs uploaded as such. */
export const testReportSummary = z.object({
  test_suites: z.array(suite).max(1_000).catch([]),
});
export type GitlabTestSuite = z.output<typeof suite>;

/** What is not read. */
export const anything = z.unknown().transform(() => null);
