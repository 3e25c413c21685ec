import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { permissionRules } from '@backstage/plugin-catalog-backend/alpha';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  type ConditionTransformer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  modelDeliveryPermissions,
  modelReadPermission,
} from '@slipway/plugin-model-delivery-common';
import { whereEntity } from '../database/entityConditions';
import type { Restriction } from '../database/FleetCounts';

/** What may be seen of a list: everything, nothing, or what a query modifier lets through. */
export type Visibility = 'all' | 'none' | Restriction;

/** Decides what a caller may see and do. */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #toFilters: ConditionTransformer<EntitiesSearchFilter> =
    createConditionTransformer(Object.values(permissionRules));

  constructor(permissions: PermissionsService) {
    this.#permissions = permissions;
  }

  /** @throws NotFoundError in the same words as for a model that does not exist. */
  async assertVisible(
    entityRef: string,
    credentials: BackstageCredentials,
    hidden: NotFoundError,
  ): Promise<void> {
    if (
      !(await this.#allows(modelReadPermission.name, entityRef, credentials))
    ) {
      throw hidden;
    }
  }

  /**
   * @param resourceRef - of the model or of its environment, as the permission's resource type asks.
   * @throws NotAllowedError naming the permission.
   */
  async assertAllowed(
    permission: string,
    resourceRef: string | undefined,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.#allows(permission, resourceRef, credentials))) {
      throw new NotAllowedError(
        `The permission ${permission} is denied${
          resourceRef ? ` for ${resourceRef}` : ''
        }`,
      );
    }
  }

  /** Those of these models that may be read. */
  async visibleOf(
    entityRefs: string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    if (entityRefs.length === 0) return new Set();
    const decisions = await this.#permissions.authorize(
      entityRefs.map(resourceRef => ({
        permission: modelReadPermission,
        resourceRef,
      })),
      { credentials },
    );
    return new Set(
      entityRefs.filter(
        (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
      ),
    );
  }

  async visibility(credentials: BackstageCredentials): Promise<Visibility> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: modelReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) return 'all';
    if (decision.result !== AuthorizeResult.CONDITIONAL) return 'none';
    const filters = this.#toFilters(decision.conditions);
    return (query, plan) => whereEntity(query, filters, plan);
  }

  async #allows(
    name: string,
    resourceRef: string | undefined,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const permission = modelDeliveryPermissions.find(p => p.name === name);
    if (!permission) throw new Error(`No permission is named ${name}`);
    const [decision] = await this.#permissions.authorize(
      [
        resourceRef === undefined
          ? { permission: permission as BasicPermission }
          : { permission: permission as ResourcePermission, resourceRef },
      ],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }
}
