import { parseEntityRef } from '@backstage/catalog-model';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { StoredIncident } from '../database/incidentRows';

/** How the client of the notifications plugin reports that the plugin is not in the backend. */
const NOT_INSTALLED = /\bstatus 404\b/;

/** Notifies the owner of a model of an incident. A repeated notification replaces the first one. */
export class IncidentNotifier {
  readonly #notifications: NotificationService;

  constructor(options: { notifications: NotificationService }) {
    this.#notifications = options.notifications;
  }

  /**
   * @returns a sentence about who was notified.
   * @throws what the notifications plugin failed with; the caller tries again.
   */
  async notify(spec: ModelSpec, incident: StoredIncident): Promise<string> {
    const { owner } = spec;
    if (!owner) return 'Nobody was notified: the model has no owner.';
    try {
      await this.#notifications.send({
        recipients: { type: 'entity', entityRef: owner },
        payload: {
          title: `${incident.monitor} of ${spec.name} is ${incident.when.is} in ${incident.environment}`,
          description: incident.message,
          link: linkTo(spec.entityRef, incident.id),
          severity: incident.when.is === 'critical' ? 'high' : 'normal',
          topic: 'Model delivery',
          scope: `model-delivery:incident:${incident.id}`,
        },
      });
    } catch (error) {
      if (!NOT_INSTALLED.test(String(error))) throw error;
      return 'Nobody was notified: the notifications plugin is not installed in this backend.';
    }
    return `Notified ${owner}.`;
  }
}

function linkTo(entityRef: string, id: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `/catalog/${path}/monitoring?incident=${encodeURIComponent(id)}`;
}
