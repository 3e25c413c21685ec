import { sourceReadPermission } from '@slipway/plugin-model-delivery-common';
import { usePermission } from '@backstage/plugin-permission-react';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../../api';
import { Answer, Face, PageIntro, Region, Surface } from '../../components';
import styles from './sources.module.css';
import { SourceTable } from './SourceTable';
import { useSources } from './useSources';

/** Every outside system: what it is asked for, how that goes, and a way to test it. */
export function SourcesPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Surface page className={styles.page}>
        <PageIntro title="Sources">
          The systems that Slipway reads models from. Pages show the data that
          Slipway read last. This page shows how fresh that data is.
        </PageIntro>
        <Allowed />
      </Surface>
    </QueryClientProvider>
  );
}

function Allowed() {
  const { loading, allowed } = usePermission({
    permission: sourceReadPermission,
  });
  if (loading) return null;
  if (!allowed) {
    return (
      <Region label="Sources">
        <Face icon="lock" title="You do not have permission to see the sources">
          An administrator can grant you the permission{' '}
          <code>{sourceReadPermission.name}</code>.
        </Face>
      </Region>
    );
  }
  return <Sources />;
}

function Sources() {
  const [hovered, setHovered] = useState(false);
  const query = useSources(hovered);
  return (
    <Region label="Sources" flush>
      <Answer query={query} what="sources">
        {({ items }) =>
          items.length === 0 ? (
            <Face title="No source installed">
              Add a provider module to the backend, such as{' '}
              <code>@slipway/plugin-model-delivery-backend-module-mlflow</code>,
              and its section to app-config.
            </Face>
          ) : (
            <div
              onPointerEnter={() => setHovered(true)}
              onPointerLeave={() => setHovered(false)}
            >
              <SourceTable sources={items} />
            </div>
          )
        }
      </Answer>
    </Region>
  );
}
