import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_MODEL_ENVIRONMENT } from '@slipway/plugin-model-delivery-common';
import { z } from 'zod';

/** An environment of a model, as conditions of a policy see it. */
export interface ModelEnvironment {
  /** Of the model. */
  entityRef: string;
  environment: string;
  /** Entity refs of the model's owners. */
  owners: string[];
}

/**
 * The resource type `model-environment`. Slipway decides on one environment at a time, so its rules are
 * applied to resources and become no query.
 */
export const modelEnvironmentResourceRef = createPermissionResourceRef<
  ModelEnvironment,
  never
>().with({
  pluginId: 'model-delivery',
  resourceType: RESOURCE_TYPE_MODEL_ENVIRONMENT,
});

const noQuery = (): never => {
  throw new Error('Environments are not listed by permission');
};

const isOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allow environments of models that one of the claims owns',
  resourceRef: modelEnvironmentResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe(
        'Entity refs of people and groups, one of which owns the model',
      ),
  }),
  apply: ({ owners }, { claims }) => {
    const owning = new Set(owners.map(lowerCase));
    return claims.some(claim => owning.has(lowerCase(claim)));
  },
  toQuery: noQuery,
});

const inEnvironment = createPermissionRule({
  name: 'IN_ENVIRONMENT',
  description: 'Allow environments of these names',
  resourceRef: modelEnvironmentResourceRef,
  paramsSchema: z.object({
    environments: z
      .array(z.string())
      .describe('Names of environments, such as staging'),
  }),
  apply: ({ environment }, { environments }) =>
    environments.includes(environment),
  toQuery: noQuery,
});

/** The rules that conditions on an environment can use. */
export const modelEnvironmentRules = { isOwner, inEnvironment };

const exported = createConditionExports({
  resourceRef: modelEnvironmentResourceRef,
  rules: modelEnvironmentRules,
});

/** Conditions for a policy in code: `isOwner({ claims })` and `inEnvironment({ environments })`. */
export const modelEnvironmentConditions = exported.conditions;

/** The decision of a policy in code that leaves the answer to conditions on the environment. */
export const createModelEnvironmentConditionalDecision =
  exported.createConditionalDecision;

function lowerCase(ref: string): string {
  return ref.toLocaleLowerCase('en-US');
}
