import { useApi } from '@backstage/frontend-plugin-api';
import type { ModelChoice } from '@slipway/plugin-model-delivery-common';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  candidatesKey,
  modelDeliveryApiRef,
  previewKey,
  registeredKey,
} from '../../api';

const TYPING_MS = 300;

/** A value once it has rested for as long as typing does. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** What a source has that a model could be made of, as the person types. */
export function useCandidates(source: string | null, search: string) {
  const api = useApi(modelDeliveryApiRef);
  return useQuery<CallAnswer<'listCandidates'>>({
    queryKey: candidatesKey(source ?? '', search),
    queryFn: ({ signal }) =>
      api.call('listCandidates', {
        params: { id: source ?? '' },
        query: { q: search },
        signal,
      }),
    enabled: source !== null,
    placeholderData: keepPreviousData,
  });
}

/** What the chosen systems have of the model, asked again whenever the choice changes. */
export function usePreview(choice: ModelChoice | null) {
  const api = useApi(modelDeliveryApiRef);
  return useQuery<CallAnswer<'previewModel'>>({
    queryKey: previewKey(choice),
    queryFn: ({ signal }) =>
      api.call('previewModel', { body: choice ?? undefined, signal }),
    enabled: choice !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useAddModel(operation: 'proposeModel' | 'registerModel') {
  const api = useApi(modelDeliveryApiRef);
  const client = useQueryClient();
  return useMutation<
    CallAnswer<'proposeModel'> | CallAnswer<'registerModel'>,
    Error,
    ModelChoice
  >({
    mutationFn: body => api.call(operation, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: registeredKey }),
  });
}
