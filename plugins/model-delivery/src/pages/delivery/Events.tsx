import { useNavigate } from 'react-router-dom';
import { isDeploymentOpen, useModelPages } from '../../api';
import {
  Answer,
  Face,
  FilterSelect,
  ListFooter,
  ListTable,
  Region,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { eventLink, useEventColumns } from './useEventColumns';

const TYPES = [
  { value: 'deploy', label: 'deploy' },
  { value: 'promote', label: 'promote' },
  { value: 'rollback', label: 'roll back' },
  { value: 'monitor', label: 'monitor' },
  { value: 'alert', label: 'alert' },
  { value: 'incident', label: 'incident' },
] as const;

/** Everything that happened, in words, newest first: what the track above draws, alerts and incidents. */
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
                  : navigate(eventLink(links, item))
              }
            />
          )
        }
      </Answer>
    </Region>
  );
}
