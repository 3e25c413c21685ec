import { sourceReadPermission } from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import { Answer, Face, Page, Permitted, Region } from '../../components';
import { SourceTable } from './SourceTable';
import { useSources } from './useSources';

/** Every outside system: what it is asked for, how that goes, and a way to test it. */
export function SourcesPage() {
  return (
    <Page
      title="Sources"
      intro="The systems that Slipway reads models from. Pages show the data that Slipway read last. This page shows how fresh that data is."
    >
      <Permitted
        permission={sourceReadPermission}
        label="Sources"
        to="see the sources"
      >
        <Sources />
      </Permitted>
    </Page>
  );
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
