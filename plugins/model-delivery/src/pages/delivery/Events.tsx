import { Button, Link } from '@backstage/ui';
import type { Deployment } from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import { isDeploymentOpen, useModelPages } from '../../api';
import {
  Answer,
  Face,
  FilterSelect,
  type ListColumn,
  ListTable,
  Region,
  Status,
  TimeAgo,
  VersionMove,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { count, deploymentEvent, formatNumber, personName } from '../../words';
import styles from './delivery.module.css';

const ACTIONS = [
  { value: 'deploy', label: 'deploy' },
  { value: 'promote', label: 'promote' },
  { value: 'rollback', label: 'roll back' },
];

/** Every deployment in words, newest first; the same that the track above draws. */
export function Events(props: { environments: string[] }) {
  const { params, set } = useUrlState();
  const environment = params.get('environment');
  const action = ACTIONS.find(a => a.value === params.get('action'))?.value;
  const { query, items, totalItems, showOlder } = useModelPages(
    'listDeployments',
    {
      query: {
        limit: 20,
        environment: environment ?? undefined,
        action: action as Deployment['action'] | undefined,
      },
    },
    { moves: isDeploymentOpen },
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
            value={action ?? null}
            options={ACTIONS}
            onChange={value => set({ action: value })}
          />
        </>
      }
      footer={
        items.length > 0 && (
          <>
            <span className={styles.small}>
              {totalItems === undefined
                ? count(items.length, 'event')
                : `${items.length} of ${formatNumber(totalItems)}`}
            </span>
            {showOlder && (
              <Button
                variant="secondary"
                isPending={query.isFetchingNextPage}
                onPress={showOlder}
              >
                Show older
              </Button>
            )}
          </>
        )
      }
    >
      <Answer query={query} what="events">
        {() =>
          items.length === 0 ? (
            <Face title="No event">
              {environment || action
                ? 'None matches these filters.'
                : 'Nothing was deployed yet.'}
            </Face>
          ) : (
            <ListTable
              label="Events"
              columns={columns}
              items={items}
              marked={params.get('deployment')}
              onOpen={({ id }) => set({ deployment: id }, { push: true })}
            />
          )
        }
      </Answer>
    </Region>
  );
}

function useEventColumns(): ListColumn<Deployment>[] {
  const links = useModelLinks();
  return useMemo(
    () => [
      {
        id: 'when',
        label: 'When',
        width: '96px',
        cell: event => (
          <TimeAgo at={event.liveAt ?? event.finishedAt ?? event.requestedAt} />
        ),
      },
      {
        id: 'what',
        label: 'What',
        width: '128px',
        rowHeader: true,
        cell: event => <Status look={deploymentEvent(event)} />,
      },
      {
        id: 'environment',
        label: 'Environment',
        width: '112px',
        secondary: true,
        cell: event => event.environment,
      },
      {
        id: 'move',
        label: 'From → to',
        width: '136px',
        cell: event => (
          <VersionMove from={event.fromVersion} to={event.version} />
        ),
      },
      {
        id: 'why',
        label: 'Who and why',
        cell: event => (
          <>
            {whoAndWhy(event)}
            {event.runId && (
              <>
                {' '}
                <Link href={links.run(event.runId)} variant="body-medium">
                  run
                </Link>
              </>
            )}
          </>
        ),
      },
    ],
    [links],
  );
}

function whoAndWhy(event: Deployment): string {
  const who = event.automatic ? 'Automatic' : personName(event.requestedBy);
  const why = event.reason && !event.automatic ? `: “${event.reason}”` : '';
  const ended = ['blocked', 'failed', 'cancelled'].includes(event.state);
  return `${who}${why}${
    ended || event.automatic ? `${why ? ' ' : ': '}${event.message}` : ''
  }`;
}
