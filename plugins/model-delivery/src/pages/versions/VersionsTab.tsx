import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { useModelPages } from '../../api';
import {
  Answer,
  Face,
  ModelPage,
  NotConfigured,
  Region,
  SourceLine,
} from '../../components';
import { oneOf, useUrlState } from '../../url';
import { Compare } from './Compare';
import { MetricTrend } from './MetricTrend';
import { VersionRegion } from './VersionRegion';
import { VersionTable } from './VersionTable';

/** Every version, how they compare, and what each one is. */
export function VersionsTab() {
  return <ModelPage>{model => <Versions model={model} />}</ModelPage>;
}

function Versions({ model }: { model: ModelDetail }) {
  const { params } = useUrlState();
  const status = oneOf(params.get('status'), [
    '',
    'registered',
    'rejected',
  ] as const);
  const list = useModelPages('listVersions', {
    query: { limit: 50, status: status || undefined },
  });
  const version = params.get('version');
  const compared = params.getAll('compare').slice(0, 4);
  const configured =
    model.latestVersion !== null ||
    model.sources.some(
      s => s.capability === 'versions' && s.status !== 'not-configured',
    );
  if (!configured) return <NotConfigured part="versions" />;
  return (
    <>
      <SourceLine
        sources={model.sources}
        capabilities={['versions', 'pipelines']}
      />
      {version && <VersionRegion model={model} version={version} />}
      {compared.length > 1 && <Compare model={model} versions={compared} />}
      <Answer query={list.query} what="versions">
        {() =>
          list.items.length === 0 && !status ? (
            <Region label="Versions" title="Versions">
              <Face title="No versions yet">
                A version of <code>{model.name}</code> appears here when a
                pipeline on its main branch passes.
              </Face>
            </Region>
          ) : (
            <>
              <MetricTrend model={model} versions={list.items} />
              <VersionTable
                model={model}
                versions={list.items}
                totalItems={list.totalItems}
                showOlder={list.showOlder}
                loadingOlder={list.query.isFetchingNextPage}
              />
            </>
          )
        }
      </Answer>
    </>
  );
}
