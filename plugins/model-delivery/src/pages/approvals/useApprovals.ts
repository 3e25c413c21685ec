import { useApi } from '@backstage/frontend-plugin-api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { approvalsKey, modelDeliveryApiRef, RESTING_MS } from '../../api';

/** The deployments that wait for the visitor, newest first, one page at a time. */
export function useApprovals() {
  const api = useApi(modelDeliveryApiRef);
  return useInfiniteQuery({
    queryKey: approvalsKey,
    queryFn: ({ signal, pageParam }) =>
      api.call('listApprovals', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.nextCursor,
    refetchInterval: RESTING_MS,
  });
}
