import { Link } from '@backstage/ui';
import type {
  Deployment,
  ModelEvent,
} from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import {
  type ListColumn,
  Status,
  TimeAgo,
  VersionMove,
} from '../../components';
import { useModelLinks } from '../../url';
import {
  deploymentEvent,
  incidentPhase,
  monitorEvent,
  personName,
  type StatusLook,
} from '../../words';
import styles from './delivery.module.css';

/** Where an event other than a deployment is looked at. */
export function eventLink(
  links: ReturnType<typeof useModelLinks>,
  item: Exclude<ModelEvent, { type: 'deployment' }>,
): string {
  return item.type === 'incident'
    ? links.incident(item.id, item.incident.environment)
    : links.monitoring(item.event.environment, item.event.monitor);
}

function subjectOf(item: ModelEvent): { environment: string } {
  if (item.type === 'deployment') return item.deployment;
  return item.type === 'incident' ? item.incident : item.event;
}

function lookOf(item: ModelEvent): StatusLook {
  if (item.type === 'deployment') return deploymentEvent(item.deployment);
  if (item.type === 'monitor') return monitorEvent(item.event);
  const { shape, tone, word } = incidentPhase(item.incident);
  return { shape, tone, word: `Incident: ${word.toLocaleLowerCase('en-US')}` };
}

export function useEventColumns(): ListColumn<ModelEvent>[] {
  const links = useModelLinks();
  return useMemo(
    () => [
      {
        id: 'when',
        label: 'When',
        width: '9%',
        cell: item => <TimeAgo at={item.at} />,
      },
      {
        id: 'what',
        label: 'What',
        width: '13%',
        rowHeader: true,
        cell: item => <Status look={lookOf(item)} />,
      },
      {
        id: 'environment',
        label: 'Environment',
        width: '11%',
        secondary: true,
        cell: item => subjectOf(item).environment,
      },
      {
        id: 'move',
        label: 'Subject',
        width: '17%',
        cell: item =>
          item.type === 'deployment' ? (
            <span
              className={styles.move}
              title={`${item.deployment.fromVersion ?? '–'} → ${item.deployment.version}`}
            >
              <VersionMove
                from={item.deployment.fromVersion}
                to={item.deployment.version}
              />
            </span>
          ) : (
            <Link href={eventLink(links, item)} variant="body-medium">
              {item.type === 'incident'
                ? item.incident.monitor
                : (item.event.alert ?? item.event.monitor)}
            </Link>
          ),
      },
      {
        id: 'why',
        label: 'Who and why',
        width: '50%',
        cell: item =>
          item.type !== 'deployment' ? (
            <span className={styles.why}>
              {item.type === 'monitor'
                ? item.event.reason
                : item.incident.message}
            </span>
          ) : (
            <span className={styles.why}>
              {whoAndWhy(item.deployment)}
              {item.deployment.deployRunId && (
                <>
                  {' '}
                  <Link
                    href={links.run(item.deployment.deployRunId)}
                    variant="body-medium"
                  >
                    run
                  </Link>
                </>
              )}
            </span>
          ),
      },
    ],
    [links],
  );
}

function whoAndWhy(event: Deployment): string {
  const who = event.automatic ? 'Automatic' : personName(event.requestedBy);
  const how = event.overridden ? ' overrode the gates' : '';
  const why =
    how + (event.reason && !event.automatic ? `: “${event.reason}”` : '');
  // The event that ended it describes what came after it was live.
  const over = ['superseded', 'rolled-back'].includes(event.state);
  const ended = ['blocked', 'failed', 'cancelled'].includes(event.state);
  if (event.automatic && over) return `${who}, its gates passed`;
  return `${who}${why}${
    ended || event.automatic ? `${why ? ' ' : ': '}${event.message}` : ''
  }`;
}
