import { z } from 'zod';
import { id, optionalText, requiredTime, text, time } from './fields';

/** GitLab's answers about deployments and environments. Fields that are not used are dropped. */

const listed = z.object({
  id,
  status: text(40),
  ref: text(250),
  updated_at: requiredTime,
  user: z
    .object({ name: text(200) })
    .nullish()
    .transform(value => value ?? null),
  environment: z.object({ external_url: optionalText(500) }),
  /** The job; null where a system outside GitLab CI/CD recorded the deployment. */
  deployable: z
    .object({
      name: text(300),
      status: text(40),
      finished_at: time,
      web_url: optionalText(500),
      pipeline: z.object({ id }),
    })
    .nullish()
    .transform(value => value ?? null),
});
export const deployments = z.array(listed).max(100);
export type GitlabDeployment = z.output<typeof listed>;

const rule = z.object({
  access_level_description: optionalText(200),
  required_approvals: z.number(),
  deployment_approvals: z
    .array(z.object({ status: text(40) }))
    .max(1_000)
    .catch([]),
});
/** What one deployment tells besides: the approvals that its protected environment requires. */
export const approvals = z.object({
  pending_approval_count: z
    .number()
    .nullish()
    .transform(value => value ?? null),
  approval_summary: z
    .object({ rules: z.array(rule).max(100) })
    .nullish()
    .transform(value => value ?? null),
});
export type GitlabApprovals = z.output<typeof approvals>;

export const environments = z
  .array(z.object({ name: text(255), state: text(40) }))
  .max(100);
