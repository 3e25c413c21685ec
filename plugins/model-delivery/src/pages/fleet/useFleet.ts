import { useApi } from '@backstage/frontend-plugin-api';
import type { Attention } from '@slipway/plugin-model-delivery-common';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  fleetKey,
  isModelMoving,
  modelDeliveryApiRef,
  RESTING_MS,
} from '../../api';
import { oneOf, useUrlState } from '../../url';

export const SORTS = [
  'attention',
  'name',
  'liveSince',
  'lastRun',
  'lastDelivery',
] as const;
const ATTENTIONS: readonly ('' | Attention)[] = [
  '',
  'unhealthy',
  'blocked',
  'drifting',
  'stale',
  'unowned',
];
export const PAGE_SIZES = [20, 50, 100];
const MOVING_FLEET_MS = 5000;

export type FleetAnswer = CallAnswer<'listModels'>;
export type FleetState = ReturnType<typeof useFleetState>;

/** What the fleet is filtered and sorted by, read from the address. */
export function useFleetState() {
  const { params, set } = useUrlState();
  const pageSize = Number(params.get('pageSize'));
  return {
    search: params.get('search') ?? '',
    owner: params.get('owner'),
    type: params.get('type'),
    lifecycle: params.get('lifecycle'),
    environment: params.get('environment'),
    attention: oneOf(params.get('attention'), ATTENTIONS) || null,
    sort: oneOf(params.get('sort'), SORTS),
    order: oneOf(params.get('order'), ['asc', 'desc'] as const),
    /** Rows before this page, for its label; the cursor finds them. */
    offset: Math.max(0, Number(params.get('offset')) || 0),
    cursor: params.get('cursor'),
    limit: PAGE_SIZES.includes(pageSize) ? pageSize : PAGE_SIZES[0],
    /** Every change but that of the page starts at the first row again. */
    set: (change: Record<string, string | null>) =>
      set({ offset: null, cursor: null, ...change }),
    clear: () =>
      set({
        search: null,
        owner: null,
        type: null,
        lifecycle: null,
        environment: null,
        attention: null,
        offset: null,
        cursor: null,
      }),
  };
}

/** One page of the fleet. `still` holds it as it is, so that no row moves under the pointer. */
export function useFleet(state: FleetState, still: boolean) {
  const api = useApi(modelDeliveryApiRef);
  const query = {
    search: state.search || undefined,
    owner: state.owner ?? undefined,
    type: state.type ?? undefined,
    lifecycle: state.lifecycle ?? undefined,
    environment: state.environment ?? undefined,
    attention: state.attention ?? undefined,
    sort: state.sort,
    order: state.order,
    cursor: state.cursor ?? undefined,
    limit: state.limit,
  };
  return useQuery<FleetAnswer>({
    queryKey: fleetKey(query),
    queryFn: ({ signal }) => api.call('listModels', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => {
      if (still) return false;
      return data?.items.some(isModelMoving) ? MOVING_FLEET_MS : RESTING_MS;
    },
  });
}
