import { useApi } from '@backstage/frontend-plugin-api';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { modelDeliveryApiRef, sourcesKey } from '../../api';

const REFRESH_MS = 5_000;

/** `still` holds them as they are, so that no row moves under the pointer. */
export function useSources(still = false) {
  const api = useApi(modelDeliveryApiRef);
  return useQuery<CallAnswer<'listSources'>>({
    queryKey: sourcesKey,
    queryFn: ({ signal }) => api.call('listSources', { signal }),
    refetchInterval: still ? false : REFRESH_MS,
  });
}

/** Asks one outside system now; the list is asked again afterwards. */
export function useSourceTest(id: string) {
  const api = useApi(modelDeliveryApiRef);
  const client = useQueryClient();
  return useMutation<CallAnswer<'testSource'>, Error, void>({
    mutationFn: () => api.call('testSource', { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}
