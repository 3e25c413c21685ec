import { EntityInfoCard, EntityRefLink } from '@backstage/plugin-catalog-react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import {
  answerKey,
  modelDeliveryApiRef,
  queryClient,
  RESTING_MS,
} from '../api';
import { modelCall } from '../api/useModelQuery';
import { Answer, Face, Status, Surface, useNow, Version } from '../components';
import { useTabHref } from '../url';
import { describeError, health, notConfigured, roundSpan } from '../words';
import styles from './cards.module.css';
import { type UsedModel, useUsedModels } from './useUsedModels';

/** The models that an API or a component stands on, so that their trouble is seen from here. */
export function ModelsUsedCard() {
  return (
    <EntityInfoCard title="Models used">
      <QueryClientProvider client={queryClient}>
        <Surface>
          <UsedModels />
        </Surface>
      </QueryClientProvider>
    </EntityInfoCard>
  );
}

function UsedModels() {
  const query = useUsedModels();
  return (
    <Answer query={query} what="models">
      {used =>
        used.length === 0 ? (
          <Face title="No model">This entity uses no models.</Face>
        ) : (
          <ul className={styles.list}>
            {used.map(item => (
              <UsedModelItem key={item.model.entityRef} used={item} />
            ))}
          </ul>
        )
      }
    </Answer>
  );
}

function UsedModelItem({ used }: { used: UsedModel }) {
  const { model, through } = used;
  const api = useApi(modelDeliveryApiRef);
  const href = useTabHref();
  const now = useNow();
  const query = useQuery({
    queryKey: answerKey(model.entityRef, 'getModel', {}),
    queryFn: ({ signal }) =>
      api.call('getModel', { ...modelCall<'getModel'>(model, {}), signal }),
    refetchInterval: RESTING_MS,
  });
  const last = query.data?.environments[query.data.environments.length - 1];
  return (
    <li>
      <Link href={href(model, 'delivery')} weight="bold" standalone>
        {query.data?.title ?? model.name}
      </Link>
      <Status
        look={
          last && !last.live
            ? { ...notConfigured, word: 'Nothing live' }
            : health(last?.health ?? 'unknown')
        }
      />
      <span className={styles.sub}>
        {last?.live ? (
          <>
            <Version name={last.live.version} /> in {last.name} for{' '}
            {roundSpan(Math.max(0, now - Date.parse(last.live.since)))}
          </>
        ) : (
          last && `no version in ${last.name}`
        )}
        {query.error && describeError(query.error).message}
        {through && (
          <>
            , through <EntityRefLink entityRef={through} />
          </>
        )}
      </span>
    </li>
  );
}
