import { useApi } from '@backstage/frontend-plugin-api';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { allFeedbackKey, modelDeliveryApiRef, RESTING_MS } from '../../api';

/** Whether the feedback of all models is on, and who switched it. */
export function useAllFeedback() {
  const api = useApi(modelDeliveryApiRef);
  return useQuery<CallAnswer<'getAllFeedback'>>({
    queryKey: allFeedbackKey,
    queryFn: ({ signal }) => api.call('getAllFeedback', { signal }),
    refetchInterval: RESTING_MS,
  });
}

/** Switches it; the state is asked for again, whatever came of it. */
export function useSwitchAllFeedback(onDone: () => void) {
  const api = useApi(modelDeliveryApiRef);
  const client = useQueryClient();
  return useMutation<
    CallAnswer<'switchAllFeedback'>,
    Error,
    { on: boolean; reason: string }
  >({
    mutationFn: body => api.call('switchAllFeedback', { body }),
    onSuccess: onDone,
    // Every page of a model shows it, too.
    onSettled: () => client.invalidateQueries(),
  });
}
