import { parseEntityRef } from '@backstage/catalog-model';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeploymentState } from '@slipway/plugin-model-delivery-common/schema';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { reviewersOf } from '../policy/approvals';
import { asksPeople } from '../policy/waits';

/** How the client of the notifications plugin reports that the plugin is not in the backend. */
const NOT_INSTALLED = /\bstatus 404\b/;

/** What became of a deployment, as the title of a notification. */
const NEWS: Partial<Record<DeploymentState, string>> = {
  requested: 'was released',
  blocked: 'is blocked',
  rejected: 'was rejected',
  cancelled: 'has expired',
  'rolling-out': 'has paused its roll-out and waits for a decision',
  live: 'is live',
  failed: 'failed',
};

/**
 * Notifies people through Backstage when a deployment reaches a state: those who are asked when it
 * waits, and after that the person who requested it. A repeated notification of one state replaces the
 * first one.
 */
export class Notifier {
  readonly #stores: Stores;
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    notifications: NotificationService;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** @throws what the notifications plugin failed with; the caller tries again. */
  async notify(
    deployment: StoredDeployment,
    state: DeploymentState,
  ): Promise<void> {
    const recipients = await this.#recipientsOf(deployment, state);
    if (recipients.length === 0) return;
    let problem: string | null = null;
    try {
      await this.#notifications.send({
        recipients: {
          type: 'entity',
          entityRef: recipients,
          ...(state === 'waiting' && {
            excludeEntityRef: deployment.requestedBy,
          }),
        },
        payload: {
          title: titleOf(deployment, state),
          description:
            state === 'waiting'
              ? `${nameOf(deployment.requestedBy)}: ${deployment.reason ?? 'no reason given'}`
              : deployment.message,
          link: linkTo(deployment),
          severity: state === 'failed' ? 'high' : 'normal',
          topic: 'Model delivery',
          scope: `model-delivery:${deployment.id}:${state}`,
        },
      });
    } catch (error) {
      if (!NOT_INSTALLED.test(String(error))) throw error;
      problem = 'The notifications plugin is not installed in this backend.';
      this.#logger.debug(`${titleOf(deployment, state)}: ${problem}`);
    }
    await this.#stores.notices.add(deployment.id, {
      state,
      recipients,
      at: this.#now().toISOString(),
      problem,
    });
  }

  async #recipientsOf(
    { entityRef, environment, requestedBy, ...now }: StoredDeployment,
    state: DeploymentState,
  ): Promise<string[]> {
    if (state !== 'waiting') {
      // Neither Slipway nor another plugin has an inbox.
      return requestedBy.startsWith('user:') ? [requestedBy] : [];
    }
    // Decided before anybody was notified.
    if (now.state !== 'waiting' || !asksPeople(now.waits)) return [];
    const model = await this.#stores.models.get(entityRef);
    return reviewersOf(
      model?.spec.environments.find(e => e.name === environment)?.approvals,
    );
  }
}

function titleOf(deployment: StoredDeployment, state: DeploymentState): string {
  const { entityRef, version, environment } = deployment;
  const what = `${nameOf(entityRef)} ${version}`;
  return state === 'waiting'
    ? `Approve ${what} for ${environment}?`
    : `${what} in ${environment} ${NEWS[state] ?? state}`;
}

function linkTo({ entityRef, id }: StoredDeployment): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `/catalog/${path}/delivery?deployment=${encodeURIComponent(id)}`;
}

function nameOf(ref: string): string {
  return ref === 'system' ? 'Slipway' : ref.slice(ref.lastIndexOf('/') + 1);
}
