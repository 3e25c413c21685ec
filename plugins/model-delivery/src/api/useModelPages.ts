import { useApi } from '@backstage/frontend-plugin-api';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { answerKey } from './keys';
import { modelDeliveryApiRef } from './modelDeliveryApi';
import { useModelRef } from './modelRef';
import { MOVING_MS, RESTING_MS } from './polling';
import { modelCall, type ModelInput } from './useModelQuery';

type ListOperation =
  | 'listRuns'
  | 'listVersions'
  | 'listEvents'
  | 'listIncidents'
  | 'getHistory'
  | 'getAudit';
type Item<N extends ListOperation> = CallAnswer<N>['items'][number];

/** A list that grows at its old end, one page at a time. */
export function useModelPages<N extends ListOperation>(
  operation: N,
  input: ModelInput<N> = {},
  options: { moves?: (item: Item<N>) => boolean } = {},
) {
  const api = useApi(modelDeliveryApiRef);
  const ref = useModelRef();
  const query = useInfiniteQuery({
    queryKey: answerKey(ref.entityRef, operation, input),
    queryFn: ({ signal, pageParam }): Promise<CallAnswer<N>> =>
      api.call(operation, {
        ...modelCall(ref, {
          ...input,
          query: { ...input.query, cursor: pageParam },
        } as ModelInput<N>),
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      itemsOf<N>(state.data).some(item => options.moves?.(item))
        ? MOVING_MS
        : RESTING_MS,
  });
  const { data } = query;
  // Not every list is counted.
  const first = data?.pages[0] as { totalItems?: number } | undefined;
  const items = useMemo(() => itemsOf<N>(data), [data]);
  return {
    query,
    items,
    totalItems: first?.totalItems,
    showOlder: query.hasNextPage ? () => query.fetchNextPage() : undefined,
  };
}

function itemsOf<N extends ListOperation>(
  data: InfiniteData<CallAnswer<N>, unknown> | undefined,
): Item<N>[] {
  return (data?.pages ?? []).flatMap(page => page.items as Item<N>[]);
}
