import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Button, Link } from '@backstage/ui';
import type { RegisteredModel } from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import { Answer, Notice, PlainTable, Region, TimeAgo } from '../../components';
import { UnregisterDialog } from '../../dialogs';
import { personName, refName } from '../../words';
import styles from './RegisteredHere.module.css';
import { useRegistered } from './useRegistered';

const IN_CATALOG: Record<RegisteredModel['inCatalog'], string> = {
  'as-registered': 'as registered',
  'declared-elsewhere': 'declared by another source, such as a file',
  'not-yet': 'not yet',
};

const COLUMNS = [
  'Model',
  { label: 'Owner', secondary: true },
  { label: 'Registered by', secondary: true },
  { label: 'When', secondary: true },
  'In the catalog',
  'Action',
];

/** What was registered from this page, and the way back. Not shown where nothing was. */
export function RegisteredHere() {
  const { query, items, showOlder } = useRegistered();
  const [asked, setAsked] = useState<RegisteredModel | null>(null);
  const [taken, setTaken] = useState<RegisteredModel | null>(null);
  const entityLink = useEntityRefLink();
  if (items.length === 0 && !query.isError && !taken) return null;
  return (
    <Region
      label="Registered models"
      title="Registered models"
      className={styles.region}
      footer={
        showOlder && (
          <Button
            variant="secondary"
            isPending={query.isFetchingNextPage}
            onPress={showOlder}
          >
            Show older
          </Button>
        )
      }
    >
      <div aria-live="polite">
        {taken && (
          <Notice tone="good" shape="check">
            {taken.name} was unregistered.
          </Notice>
        )}
      </div>
      <Answer query={query} what="registered models">
        {() =>
          items.length > 0 && (
            <PlainTable
              label="Registered models"
              columns={COLUMNS}
              rows={items.map(model => ({
                key: model.entityRef,
                cells: [
                  model.inCatalog === 'not-yet' ? (
                    model.name
                  ) : (
                    <Link href={entityLink(model.entityRef)}>{model.name}</Link>
                  ),
                  refName(model.owner),
                  personName(model.by),
                  <TimeAgo at={model.at} />,
                  IN_CATALOG[model.inCatalog],
                  <Button
                    size="small"
                    variant="secondary"
                    aria-label={`Unregister ${model.name}…`}
                    onPress={() => setAsked(model)}
                  >
                    Unregister…
                  </Button>,
                ],
              }))}
            />
          )
        }
      </Answer>
      {asked && (
        <UnregisterDialog
          model={asked}
          onClose={() => setAsked(null)}
          onTaken={() => {
            setTaken(asked);
            setAsked(null);
          }}
        />
      )}
    </Region>
  );
}
