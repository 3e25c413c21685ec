import { z } from 'zod';
import { optionalText } from './runs';

/** What Slipway writes into a deployment, and what others may; GitHub keeps it as it was given. */
const payload = z
  .preprocess(
    value => {
      if (typeof value !== 'string') return value;
      try {
        return JSON.parse(value);
      } catch {
        return {};
      }
    },
    z.object({
      slipway_deployment: optionalText(200),
      version: optionalText(200),
      digest: optionalText(100),
    }),
  )
  .catch({ slipway_deployment: null, version: null, digest: null });

export const deployment = z.object({
  id: z.int().positive(),
  ref: z.string().max(255),
  task: z.string().max(255),
  environment: z.string().max(255),
  created_at: z.string().max(40),
  payload,
});
export type GithubDeployment = z.output<typeof deployment>;
export const deployments = z.array(deployment).max(100);

export const status = z.object({
  id: z.int().positive(),
  state: z.string().max(40),
  description: z.string().max(1_000).catch(''),
  log_url: z.string().max(1_000).catch(''),
  environment_url: z.string().max(1_000).catch(''),
  created_at: z.string().max(40),
});
export type GithubStatus = z.output<typeof status>;
export const statuses = z.array(status).max(100);
