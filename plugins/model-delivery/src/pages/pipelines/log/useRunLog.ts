import { useApi } from '@backstage/frontend-plugin-api';
import type { LogChunk } from '@slipway/plugin-model-delivery-common';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  answerKey,
  modelDeliveryApiRef,
  MOVING_MS,
  useModelRef,
} from '../../../api';
import { modelCall } from '../../../api/useModelQuery';

const CHUNK = 5000;
/** As many lines as a browser holds without effort; the oldest go first. */
export const MAX_LINES = 50_000;

export interface RunLog {
  lines: LogChunk['lines'];
  next: number;
  ended: boolean;
  truncated: boolean;
  /** Lines that were let go here. */
  dropped: number;
}

const NOTHING: RunLog = {
  lines: [],
  next: 0,
  ended: false,
  truncated: false,
  dropped: 0,
};

/** The log of one job: what is there at once, what comes as it comes. */
export function useRunLog(runId: string, jobId: string, alive: boolean) {
  const api = useApi(modelDeliveryApiRef);
  const model = useModelRef();
  const client = useQueryClient();
  const queryKey = answerKey(model.entityRef, 'getRunLog', { runId, jobId });
  return useQuery<RunLog>({
    queryKey,
    queryFn: async ({ signal }) => {
      let log = client.getQueryData<RunLog>(queryKey) ?? NOTHING;
      for (;;) {
        if (log.ended) return log;
        const chunk = await api.call('getRunLog', {
          ...modelCall<'getRunLog'>(model, {
            params: { runId },
            query: { job: jobId, after: log.next, limit: CHUNK },
          }),
          signal,
        });
        log = append(log, chunk);
        if (chunk.lines.length < CHUNK) return log;
      }
    },
    structuralSharing: false,
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      alive && !data?.ended ? MOVING_MS / 2 : false,
  });
}

/** A log with more lines at its end. */
export function append(log: RunLog, chunk: LogChunk): RunLog {
  const lines = chunk.lines.length ? [...log.lines, ...chunk.lines] : log.lines;
  const over = Math.max(0, lines.length - MAX_LINES);
  return {
    lines: over > 0 ? lines.slice(over) : lines,
    next: chunk.next,
    ended: chunk.ended,
    truncated: log.truncated || chunk.truncated,
    dropped: log.dropped + over,
  };
}
