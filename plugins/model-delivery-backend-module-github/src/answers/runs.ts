import { z } from 'zod';

/**
 * What GitHub answers about runs. The schemas drop every field that is not used, since what they
 * give is kept.
 */

const text = (max: number) =>
  z.string().transform(value => value.slice(0, max));
export const optionalText = (max: number) =>
  text(max)
    .nullish()
    .transform(value => value ?? null);
/** RFC 3339; the epoch and the year 1 stand for a time that has not come. */
export const time = z
  .string()
  .nullish()
  .transform(value => {
    const at = value ? Date.parse(value) : NaN;
    return at > 0 ? new Date(at).toISOString() : null;
  });
const requiredTime = z.string().transform((value, context) => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) {
    context.addIssue({ code: 'custom', message: 'a time' });
    return z.NEVER;
  }
  return new Date(at).toISOString();
});
const id = z.int().positive();
const actor = z
  .object({ login: text(100) })
  .nullish()
  .transform(value => value ?? null);

export const run = z.object({
  id,
  name: optionalText(200),
  path: text(300).catch(''),
  display_title: optionalText(500),
  run_number: z.int(),
  run_attempt: z.int().min(1).catch(1),
  event: text(60),
  status: optionalText(40),
  conclusion: optionalText(40),
  head_branch: optionalText(250),
  head_sha: text(64),
  created_at: requiredTime,
  run_started_at: time,
  updated_at: requiredTime,
  html_url: text(500),
  triggering_actor: actor,
  actor,
  head_commit: z
    .object({
      message: text(500),
      author: z
        .object({ name: text(200) })
        .nullish()
        .transform(value => value ?? null),
    })
    .nullish()
    .transform(value => value ?? null),
});
export type GithubRun = z.output<typeof run>;
export const runs = z.object({ workflow_runs: z.array(run).max(100) });

const step = z.object({
  name: text(300),
  status: text(40),
  conclusion: optionalText(40),
  started_at: time,
  completed_at: time,
});
export const job = z.object({
  id,
  run_id: id,
  run_attempt: z.int().min(1).catch(1),
  name: text(300),
  status: text(40),
  conclusion: optionalText(40),
  created_at: time,
  started_at: time,
  completed_at: time,
  html_url: optionalText(500),
  steps: z.array(step).max(1_000).catch([]),
});
export type GithubJob = z.output<typeof job>;
export const jobs = z.object({
  total_count: z.int(),
  jobs: z.array(job).max(100),
});

export const artifacts = z.object({
  artifacts: z
    .array(
      z.object({
        id,
        name: text(300),
        size_in_bytes: z.number(),
        expired: z.boolean(),
        created_at: time,
      }),
    )
    .max(100),
});
export type GithubArtifact = z.output<typeof artifacts>['artifacts'][number];

export const pendingDeployments = z
  .array(
    z.object({
      environment: z.object({ name: optionalText(255) }),
      wait_timer: z.number().nullish(),
      current_user_can_approve: z.boolean().catch(false),
      reviewers: z
        .array(
          z.object({
            type: text(20).nullish(),
            reviewer: z
              .object({
                login: text(100).nullish(),
                slug: text(100).nullish(),
                name: text(100).nullish(),
              })
              .nullish(),
          }),
        )
        .max(50)
        .catch([]),
    }),
  )
  .max(100);
export type PendingDeployments = z.output<typeof pendingDeployments>;

/** 200 with the run, or 204 of a server that does not say it. */
export const dispatched = z.union([
  z.object({ workflow_run_id: id }),
  z.undefined().transform(() => null),
]);
