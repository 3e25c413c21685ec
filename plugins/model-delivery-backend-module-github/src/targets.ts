import type {
  EnvironmentTarget,
  ModelTarget,
} from '@slipway/plugin-model-delivery-node';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { parseTarget } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';

export const SLUG_ANNOTATION = 'github.com/project-slug';

const slug = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.\.?$)[\w.-]{1,100}$/,
    'a repository as owner/name',
  );
const workflow = z
  .string()
  .max(200)
  .regex(
    /^(\.github\/workflows\/)?[\w][\w .-]*\.ya?ml$/,
    'the file of a workflow, such as model.yaml',
  )
  .transform(file => file.replace(/^\.github\/workflows\//, ''));
const ref = z
  .string()
  .max(250)
  .regex(/^[^\s~^:?*[\\-][^\s~^:?*[\\]*$/, 'a branch or a tag');

const common = { repository: slug.optional(), ref: ref.optional() };
const pipelineTarget = z.looseObject({
  ...common,
  workflow: workflow.optional(),
});
const deploymentTarget = z.looseObject({
  ...common,
  workflow,
  environment: z.string().min(1).max(255).optional(),
});

export interface Repository {
  owner: string;
  repo: string;
}

export interface PipelineTarget extends Repository {
  /** The file of the workflow; null where all of the repository's count. */
  workflow: string | null;
  /** Null for the default branch. */
  ref: string | null;
}

export interface DeploymentTarget extends Repository {
  workflow: string;
  ref: string | null;
  /** As GitHub names the environment. */
  environment: string;
}

/** @throws ProviderError `bad-data` */
export function pipelineTargetOf(model: ModelTarget): PipelineTarget {
  const target = parseTarget(pipelineTarget, model.target);
  return {
    ...repositoryOf(model, target.repository),
    workflow: target.workflow ?? null,
    ref: target.ref ?? null,
  };
}

/** @throws ProviderError `bad-data` */
export function deploymentTargetOf(model: EnvironmentTarget): DeploymentTarget {
  const target = parseTarget(deploymentTarget, model.target);
  return {
    ...repositoryOf(model, target.repository),
    workflow: target.workflow,
    ref: target.ref ?? null,
    environment: target.environment ?? model.environment,
  };
}

function repositoryOf(
  model: ModelTarget,
  repository: string | undefined,
): Repository {
  const named = repository ?? model.annotations[SLUG_ANNOTATION];
  const parsed = slug.safeParse(named);
  if (!parsed.success) {
    throw new ProviderError(
      'bad-data',
      named === undefined
        ? `${model.entityRef} names no repository: give the target a repository (owner/name), or the entity the annotation ${SLUG_ANNOTATION}.`
        : `${JSON.stringify(named.slice(0, 100))} of ${model.entityRef} is not a repository; write it as owner/name.`,
    );
  }
  const [owner, repo] = parsed.data.split('/');
  return { owner, repo };
}

/** What a `ProviderChange` names: the host, the owner and the repository, in lower case. */
export function subjectOf(host: string, { owner, repo }: Repository): string {
  return `${host}/${owner}/${repo}`.toLocaleLowerCase('en-US');
}

/** The canonical key of an environment of a repository; GitHub ignores the case of both names. */
export function targetKeyOf(
  host: string,
  repository: Repository,
  environment: string,
): string {
  return `github:${subjectOf(host, repository)}#${environment.toLocaleLowerCase('en-US')}`;
}

/** The subject of a model's target; null where it does not parse. */
export function subjectOfTarget(
  host: string,
  model: ModelTarget,
): string | null {
  try {
    return subjectOf(host, pipelineTargetOf(model));
  } catch {
    return null;
  }
}
