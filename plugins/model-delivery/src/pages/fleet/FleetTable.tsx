import type { ModelSummary } from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { type ListColumn, ListTable } from '../../components';
import { useTabHref } from '../../url';
import { titleCase } from '../../words';
import {
  DeliveryCell,
  EnvironmentCell,
  MonitorsCell,
  NameCell,
  NewestCell,
  PipelineCell,
  SourcesCell,
} from './cells';
import { type FleetState, SORTS } from './useFleet';

type FleetRow = { id: string; model: ModelSummary };
const MAX_ENVIRONMENTS = 3;

export function FleetTable(props: {
  models: ModelSummary[];
  state: FleetState;
}) {
  const { models, state } = props;
  const navigate = useNavigate();
  const href = useTabHref();
  const rows = useMemo(
    () => models.map(model => ({ id: model.entityRef, model })),
    [models],
  );
  const environments = environmentsOf(models, state.environment).join();
  const columns = useMemo(
    () => fleetColumns(environments ? environments.split(',') : []),
    [environments],
  );
  return (
    <ListTable
      label="Models"
      fixed
      columns={columns}
      items={rows}
      sort={{
        column: state.sort,
        direction: state.order === 'asc' ? 'ascending' : 'descending',
      }}
      onSort={({ column, direction }) =>
        state.set({
          sort: SORTS.find(sort => sort === column) ?? null,
          order: direction === 'descending' ? 'desc' : null,
        })
      }
      onOpen={({ model }) => navigate(href(model, 'delivery'))}
    />
  );
}

/**
 * The environments of a page of models, in promotion order, of which the last ones matter most;
 * the one that is filtered by is never left out. The last is sorted by.
 */
function environmentsOf(
  models: ModelSummary[],
  chosen: string | null,
): string[] {
  const names = models.flatMap(model => model.environments.map(e => e.name));
  const byRank = [...models].sort(
    (a, b) => b.environments.length - a.environments.length,
  )[0];
  const ranked = byRank?.environments.map(e => e.name) ?? [];
  const others = names.filter(name => !ranked.includes(name));
  const all = [...new Set([...others, ...ranked])];
  const last = all.slice(-MAX_ENVIRONMENTS);
  return chosen && all.includes(chosen) && !last.includes(chosen)
    ? [chosen, ...last]
    : last;
}

function fleetColumns(environments: string[]): ListColumn<FleetRow>[] {
  return [
    {
      id: 'name',
      label: 'Model',
      sortable: true,
      rowHeader: true,
      width: environments.length > 2 ? '16%' : '17%',
      cell: row => <NameCell model={row.model} />,
    },
    ...environments.map((environment, index) => ({
      id:
        index === environments.length - 1 ? 'liveSince' : `env-${environment}`,
      label: titleCase(environment),
      sortable: index === environments.length - 1,
      width: environments.length > 2 ? '9%' : '10%',
      secondary: index < environments.length - 1,
      cell: (row: FleetRow) => (
        <EnvironmentCell model={row.model} environment={environment} />
      ),
    })),
    {
      id: 'newest',
      label: 'Newest',
      secondary: true,
      width: '7%',
      cell: row => <NewestCell model={row.model} />,
    },
    {
      id: 'lastRun',
      label: 'Last pipeline',
      sortable: true,
      width: '15%',
      cell: row => <PipelineCell model={row.model} />,
    },
    {
      id: 'monitors',
      label: 'Monitors',
      width: '14%',
      cell: row => <MonitorsCell model={row.model} />,
    },
    {
      id: 'lastDelivery',
      label: 'Last delivery',
      sortable: true,
      secondary: true,
      width: '15%',
      cell: row => <DeliveryCell model={row.model} />,
    },
    {
      id: 'sources',
      label: 'Sources',
      secondary: true,
      width: '9%',
      cell: row => <SourcesCell model={row.model} />,
    },
  ];
}
