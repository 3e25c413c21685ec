import {
  type EnvironmentTarget,
  type ModelTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { parseTarget } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';

export const SLUG_ANNOTATION = 'gitlab.com/project-slug';

const project = z
  .string()
  .max(255)
  .regex(
    /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9_.][\w.-]*(\/[A-Za-z0-9_.][\w.-]*){1,20}$/,
    'a project as group/name or group/subgroup/name',
  );
const ref = z
  .string()
  .max(250)
  .regex(/^[^\s~^:?*[\\-][^\s~^:?*[\\]*$/, 'a branch or a tag');

const environment = z
  .string()
  .max(150)
  .regex(
    /^(?!\/)[\w./{}$ -]+(?<!\/)$/,
    'an environment as GitLab names it: letters, digits, spaces and - _ . / $ { }',
  );

const pipelineTarget = z.looseObject({
  project: project.optional(),
  ref: ref.optional(),
});
const deploymentTarget = pipelineTarget.extend({
  environment: environment.optional(),
});

export interface PipelineTarget {
  /** The path of the project with those of its groups. */
  project: string;
  /** Null for the default branch, and where the pipelines of all branches show. */
  ref: string | null;
}

export interface DeploymentTarget extends PipelineTarget {
  /** As GitLab names the environment. */
  environment: string;
}

/** @throws ProviderError `bad-data` */
export function pipelineTargetOf(model: ModelTarget): PipelineTarget {
  const target = parseTarget(pipelineTarget, model.target);
  return {
    project: projectOf(model, target.project),
    ref: target.ref ?? null,
  };
}

/** @throws ProviderError `bad-data` */
export function deploymentTargetOf(model: EnvironmentTarget): DeploymentTarget {
  const target = parseTarget(deploymentTarget, model.target);
  const named = environment.safeParse(target.environment ?? model.environment);
  if (!named.success) {
    throw new ProviderError(
      'bad-data',
      `${JSON.stringify(model.environment.slice(0, 100))} of ${model.entityRef} is no name of an environment on GitLab; give its target an environment.`,
    );
  }
  return {
    project: projectOf(model, target.project),
    ref: target.ref ?? null,
    environment: named.data,
  };
}

function projectOf(model: ModelTarget, given: string | undefined): string {
  const named = given ?? model.annotations[SLUG_ANNOTATION];
  const parsed = project.safeParse(named);
  if (parsed.success) return parsed.data;
  throw new ProviderError(
    'bad-data',
    named === undefined
      ? `${model.entityRef} names no project: give the target a project (group/name), or the entity the annotation ${SLUG_ANNOTATION}.`
      : `${JSON.stringify(named.slice(0, 100))} of ${model.entityRef} is not a project; write it as group/name.`,
  );
}

/** What a `ProviderChange` names: the host and the project's path, in lower case. */
export function subjectOf(host: string, path: string): string {
  return `${host}/${path}`.toLocaleLowerCase('en-US');
}

/** The canonical key of an environment of a project; GitLab ignores the case of paths, not that of environments. */
export function targetKeyOf(
  host: string,
  target: Pick<DeploymentTarget, 'project' | 'environment'>,
): string {
  return `gitlab:${subjectOf(host, target.project)}#${target.environment}`;
}

/** The subject of a model's target; null where it does not parse. */
export function subjectOfTarget(
  host: string,
  model: ModelTarget,
): string | null {
  try {
    return subjectOf(host, pipelineTargetOf(model).project);
  } catch {
    return null;
  }
}
