import { Link } from '@backstage/ui';
import type {
  Deployment,
  ModelEvent,
} from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { isDeploymentOpen, useModelPages } from '../../api';
import {
  Answer,
  Face,
  FilterSelect,
  type ListColumn,
  ListFooter,
  ListTable,
  Region,
  Status,
  TimeAgo,
  VersionMove,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { deploymentEvent, monitorEvent, personName } from '../../words';
import styles from './delivery.module.css';

const TYPES = [
  { value: 'deploy', label: 'deploy' },
  { value: 'promote', label: 'promote' },
  { value: 'rollback', label: 'roll back' },
  { value: 'monitor', label: 'monitor' },
  { value: 'alert', label: 'alert' },
] as const;

/** Everything that happened, in words, newest first: what the track above draws, and alarms. */
export function Events(props: { environments: string[] }) {
  const { params, set } = useUrlState();
  const navigate = useNavigate();
  const links = useModelLinks();
  const environment = params.get('environment');
  const type = TYPES.find(t => t.value === params.get('event'))?.value;
  const { query, items, totalItems, showOlder } = useModelPages(
    'listEvents',
    {
      query: {
        limit: 20,
        environment: environment ?? undefined,
        type,
      },
    },
    {
      moves: item =>
        item.type === 'deployment' && isDeploymentOpen(item.deployment),
    },
  );
  const columns = useEventColumns();
  return (
    <Region
      flush
      label="Events"
      title="Events"
      actions={
        <>
          <FilterSelect
            label="Environment"
            any="all"
            value={environment}
            options={props.environments.map(value => ({ value, label: value }))}
            onChange={value => set({ environment: value })}
          />
          <FilterSelect
            label="Kind"
            any="all"
            value={type ?? null}
            options={[...TYPES]}
            onChange={value => set({ event: value })}
          />
        </>
      }
      footer={
        items.length > 0 && (
          <ListFooter
            shown={items.length}
            total={totalItems}
            one="event"
            showOlder={showOlder}
            pending={query.isFetchingNextPage}
          />
        )
      }
    >
      <Answer query={query} what="events">
        {() =>
          items.length === 0 ? (
            <Face title="No event">
              {environment || type
                ? 'No events match these filters.'
                : 'No events yet.'}
            </Face>
          ) : (
            <ListTable
              label="Events"
              columns={columns}
              items={items}
              fixed="wide"
              marked={params.get('deployment')}
              onOpen={item =>
                item.type === 'deployment'
                  ? set({ deployment: item.id }, { push: true })
                  : navigate(
                      links.monitoring(
                        item.event.environment,
                        item.event.monitor,
                      ),
                    )
              }
            />
          )
        }
      </Answer>
    </Region>
  );
}

function useEventColumns(): ListColumn<ModelEvent>[] {
  const links = useModelLinks();
  return useMemo(
    () => [
      {
        id: 'when',
        label: 'When',
        width: '9%',
        cell: item => <TimeAgo at={timeOf(item)} />,
      },
      {
        id: 'what',
        label: 'What',
        width: '13%',
        rowHeader: true,
        cell: item => (
          <Status
            look={
              item.type === 'deployment'
                ? deploymentEvent(item.deployment)
                : monitorEvent(item.event)
            }
          />
        ),
      },
      {
        id: 'environment',
        label: 'Environment',
        width: '11%',
        secondary: true,
        cell: item =>
          item.type === 'deployment'
            ? item.deployment.environment
            : item.event.environment,
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
            <Link
              href={links.monitoring(
                item.event.environment,
                item.event.monitor,
              )}
              variant="body-medium"
            >
              {item.event.alert ?? item.event.monitor}
            </Link>
          ),
      },
      {
        id: 'why',
        label: 'Who and why',
        width: '50%',
        cell: item =>
          item.type === 'monitor' ? (
            <span className={styles.why}>{item.event.reason}</span>
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

function timeOf(item: ModelEvent): string {
  if (item.type === 'monitor') return item.at;
  const { liveAt, finishedAt, requestedAt } = item.deployment;
  return liveAt ?? finishedAt ?? requestedAt;
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
