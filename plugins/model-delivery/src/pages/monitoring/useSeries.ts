import { useApi } from '@backstage/frontend-plugin-api';
import type { MonitorSeries } from '@slipway/plugin-model-delivery-common';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  answerKey,
  modelDeliveryApiRef,
  RESTING_MS,
  useModelRef,
} from '../../api';
import { modelCall } from '../../api/useModelQuery';
import { type RangeName, rangeMs } from './ranges';

const POINTS = 200;

/** The end of the window that all charts of the page share, so that a moment is at one x on each. */
const windowEnd = () => Math.ceil(Date.now() / RESTING_MS) * RESTING_MS;

/** A monitor over the last hour, day or week; held still while somebody reads the chart. */
export function useSeries(monitor: string, range: RangeName, still: boolean) {
  const api = useApi(modelDeliveryApiRef);
  const model = useModelRef();
  return useQuery<MonitorSeries>({
    queryKey: answerKey(model.entityRef, 'getMonitorSeries', {
      monitor,
      range,
    }),
    queryFn: ({ signal }) => {
      const to = windowEnd();
      return api.call('getMonitorSeries', {
        ...modelCall<'getMonitorSeries'>(model, {
          params: { monitor },
          query: {
            from: new Date(to - rangeMs(range)).toISOString(),
            to: new Date(to).toISOString(),
            points: POINTS,
          },
        }),
        signal,
      });
    },
    placeholderData: keepPreviousData,
    refetchInterval: still ? false : RESTING_MS,
  });
}
