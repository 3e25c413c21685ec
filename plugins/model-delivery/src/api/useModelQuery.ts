import { useApi } from '@backstage/frontend-plugin-api';
import type {
  CallAnswer,
  CallInput,
} from '@slipway/plugin-model-delivery-common/client';
import type { OperationName } from '@slipway/plugin-model-delivery-common/contract';
import {
  keepPreviousData,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query';
import { answerKey } from './keys';
import { modelDeliveryApiRef } from './modelDeliveryApi';
import { type ModelRef, useModelRef } from './modelRef';
import { pollEvery } from './polling';

/** What an operation takes besides the model itself. */
export type ModelInput<N extends OperationName> = {
  params?: Omit<NonNullable<CallInput<N>['params']>, 'namespace' | 'name'>;
  query?: Omit<NonNullable<CallInput<N>['query']>, 'kind'>;
  body?: CallInput<N>['body'];
  idempotencyKey?: string;
};

export function modelCall<N extends OperationName>(
  { kind, namespace, name }: ModelRef,
  input: ModelInput<N>,
): CallInput<N> {
  return {
    ...input,
    params: { ...input.params, namespace, name },
    query: { ...input.query, kind },
  } as CallInput<N>;
}

export interface ModelQueryOptions<A> {
  enabled?: boolean;
  /** Asked again every 2 s while this holds of the answer, else every 30 s. */
  moves?: (answer: A) => boolean;
  /** What never changes is asked once. */
  immutable?: boolean;
}

/** One answer about the model of this page. The old one stays while a new one comes. */
export function useModelQuery<N extends OperationName>(
  operation: N,
  input: ModelInput<N> = {},
  options: ModelQueryOptions<CallAnswer<N>> = {},
): UseQueryResult<CallAnswer<N>> {
  const api = useApi(modelDeliveryApiRef);
  const ref = useModelRef();
  return useQuery<CallAnswer<N>>({
    queryKey: answerKey(ref.entityRef, operation, input),
    queryFn: ({ signal }) =>
      api.call(operation, { ...modelCall(ref, input), signal }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    ...(options.immutable
      ? { staleTime: Infinity }
      : { refetchInterval: pollEvery(options.moves) }),
  });
}
