import { QueryClient } from '@tanstack/react-query';
import { describeError } from '../words/errors';

/** One for all pages, so that going from tab to tab shows at once what is known. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1000,
      gcTime: 10 * 60_000,
      retry: (failures, error) =>
        failures < 2 && (describeError(error).status ?? 500) >= 500,
    },
  },
});
