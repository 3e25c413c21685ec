import type {
  ModelEvent,
  MonitorEvent,
} from '@slipway/plugin-model-delivery-common/schema';
import { encodeCursor } from '../database/cursor';
import {
  shownDeployment,
  type StoredDeployment,
} from '../database/deploymentRows';
import { shownIncident, type StoredIncident } from '../database/incidentRows';
import type { Stores } from '../database/stores';

export interface EventFilter {
  environment?: string;
  type?: 'deploy' | 'promote' | 'rollback' | 'monitor' | 'alert' | 'incident';
}

/** What each filter reads. */
const READS = {
  deploy: 'deployments',
  promote: 'deployments',
  rollback: 'deployments',
  monitor: 'monitors',
  alert: 'monitors',
  incident: 'incidents',
} as const;

const ofDeployment = (stored: StoredDeployment): ModelEvent => ({
  type: 'deployment',
  at: stored.liveAt ?? stored.finishedAt ?? stored.requestedAt,
  id: stored.id,
  deployment: shownDeployment(stored),
});

const ofMonitor = (event: MonitorEvent): ModelEvent => ({
  type: 'monitor',
  at: event.at,
  id: event.id,
  event,
});

const ofIncident = (stored: StoredIncident): ModelEvent => ({
  type: 'incident',
  at: stored.openedAt,
  id: stored.id,
  incident: shownIncident(stored),
});

/** What happened to a model, newest first: three indexed reads, however long the history. */
export async function modelEvents(
  stores: Stores,
  entityRef: string,
  filter: EventFilter,
  page: { cursor?: string; limit: number },
): Promise<{ items: ModelEvent[]; nextCursor?: string }> {
  const { environment, type } = filter;
  const reads = (what: (typeof READS)[keyof typeof READS]) =>
    type === undefined || READS[type] === what;
  // One more than is shown tells whether there is more.
  const more = { ...page, limit: page.limit + 1 };
  const [deployments, monitors, incidents] = await Promise.all([
    !reads('deployments')
      ? []
      : stores.deployments
          .list(entityRef, { environment, action: type }, more)
          .then(({ items }) => items.map(ofDeployment)),
    !reads('monitors')
      ? []
      : stores.monitors
          .events(
            entityRef,
            {
              environment,
              kind: type && (type === 'alert' ? 'alert' : 'state'),
            },
            more,
          )
          .then(items => items.map(ofMonitor)),
    !reads('incidents')
      ? []
      : stores.incidents
          .list(entityRef, { environment }, more)
          .then(({ items }) => items.map(ofIncident)),
  ]);
  const merged = [...deployments, ...monitors, ...incidents].sort(newestFirst);
  const items = merged.slice(0, page.limit);
  const last = items[items.length - 1];
  return {
    items,
    nextCursor:
      merged.length > items.length
        ? encodeCursor([last.at, last.id])
        : undefined,
  };
}

function newestFirst(a: ModelEvent, b: ModelEvent): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
