import { useApi } from '@backstage/frontend-plugin-api';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { modelDeliveryApiRef, registeredKey } from '../../api';

/** Whether the catalog has one by now is seen within so much. */
const REFRESH_MS = 5_000;

/** What was registered from the page and not unregistered, newest first. */
export function useRegistered() {
  const api = useApi(modelDeliveryApiRef);
  const query = useInfiniteQuery({
    queryKey: registeredKey,
    queryFn: ({
      signal,
      pageParam,
    }): Promise<CallAnswer<'listRegisteredModels'>> =>
      api.call('listRegisteredModels', {
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.nextCursor,
    refetchInterval: REFRESH_MS,
  });
  return {
    query,
    items: (query.data?.pages ?? []).flatMap(page => page.items),
    showOlder: query.hasNextPage ? () => query.fetchNextPage() : undefined,
  };
}
