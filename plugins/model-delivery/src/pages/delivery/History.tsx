import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useApi } from '@backstage/frontend-plugin-api';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import {
  answerKey,
  modelDeliveryApiRef,
  RESTING_MS,
  useModelRef,
} from '../../api';
import {
  Answer,
  Face,
  HistoryLegend,
  HistoryTrack,
  Region,
  Segments,
  useNow,
} from '../../components';
import { oneOf, useUrlState } from '../../url';
import { modelCall } from '../../api/useModelQuery';
import { LiveAt } from './LiveAt';

const DAY = 86_400_000;
const RANGES = [
  { value: '30d', label: '30 d', ms: 30 * DAY },
  { value: '7d', label: '7 d', ms: 7 * DAY },
  { value: '90d', label: '90 d', ms: 90 * DAY },
  { value: 'all', label: 'All', ms: Infinity },
] as const;
const SHOWN = ['7d', '30d', '90d', 'all'] as const;
const INTERVALS = 100;

/** Deployment history: the live intervals of every environment on one axis. */
export function History(props: { environments: string[] }) {
  const { params, set } = useUrlState();
  const now = useNow();
  const range = oneOf(
    params.get('history'),
    RANGES.map(r => r.value),
  );
  const query = useHistories(props.environments);
  return (
    <Region
      label="Deployment history"
      title="Deployment history"
      actions={
        <>
          <HistoryLegend />
          <Segments
            label="Range of the history"
            value={range}
            options={SHOWN.map(
              value => RANGES.find(r => r.value === value) ?? RANGES[0],
            )}
            onChange={history => set({ history })}
          />
        </>
      }
    >
      <Answer query={query} what="history">
        {histories => {
          const firsts = histories
            .flatMap(history => history.items)
            .map(interval => Date.parse(interval.from));
          if (firsts.length === 0) {
            return (
              <Face title="No deployment yet">
                The first deployment starts the history.
              </Face>
            );
          }
          const { ms } = RANGES.find(r => r.value === range) ?? RANGES[0];
          return (
            <>
              <HistoryTrack
                from={Math.max(now - ms, Math.min(...firsts))}
                to={now}
                lanes={props.environments
                  .map((environment, index) => ({
                    environment,
                    intervals: histories[index]?.items ?? [],
                  }))
                  .reverse()}
                onOpen={deployment => set({ deployment }, { push: true })}
              />
              <LiveAt environments={props.environments} />
            </>
          );
        }}
      </Answer>
    </Region>
  );
}

/** The newest intervals of each environment, as one answer. */
function useHistories(environments: string[]) {
  const api = useApi(modelDeliveryApiRef);
  const model = useModelRef();
  return useQueries({
    queries: environments.map(environment => {
      const input = { params: { environment }, query: { limit: INTERVALS } };
      return {
        queryKey: answerKey(model.entityRef, 'getHistory', {
          ...input,
          once: true,
        }),
        queryFn: ({
          signal,
        }: {
          signal: AbortSignal;
        }): Promise<CallAnswer<'getHistory'>> =>
          api.call('getHistory', {
            ...modelCall<'getHistory'>(model, input),
            signal,
          }),
        placeholderData: keepPreviousData,
        refetchInterval: RESTING_MS,
      };
    }),
    combine: results => {
      const failed = results.find(result => result.isError);
      const known = results.every(result => result.data !== undefined);
      return {
        data: known
          ? results.flatMap(result => (result.data ? [result.data] : []))
          : undefined,
        error: failed?.error ?? null,
        isError: failed !== undefined,
        dataUpdatedAt: Math.min(...results.map(result => result.dataUpdatedAt)),
        refetch: () => results.forEach(result => result.refetch()),
      };
    },
  });
}
