import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** @throws ProviderError `not-found` for what can't be the id of a pipeline or a job. */
export function idOf(text: string, what: 'run' | 'job'): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new ProviderError(
    'not-found',
    `GitLab has no ${what} ${JSON.stringify(text.slice(0, 60))}.`,
  );
}
