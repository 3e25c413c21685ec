import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { MlflowApi } from '../api/MlflowApi';
import type { RegisteredModel } from '../api/schemas';

/** MLflow allows 1,000. */
const PAGE = 500;
/** Of the newest; ordered by time, MLflow takes three times as long for a page. */
const NEWS_PAGE = 100;
const MAX_PAGES = 400;
/** Clocks of several servers, and rows written while others were read, in milliseconds. */
const OVERLAP_MS = 60_000;

/**
 * All registered models. MLflow's page tokens count rows, so one that was deleted meanwhile moves
 * another out of sight until the next listing; one that comes twice counts once.
 */
export async function listModels(
  api: MlflowApi,
  filter: string | undefined,
  signal: AbortSignal,
): Promise<RegisteredModel[]> {
  const found = new Map<string, RegisteredModel>();
  const query = { filter, order_by: 'name ASC', max_results: PAGE };
  for await (const page of pages(api, query, signal)) {
    for (const model of page) found.set(model.name, model);
  }
  return [...found.values()];
}

/**
 * Models that were updated since, newest first.
 *
 * @param since - the latest `last_updated_timestamp` that is known, in milliseconds.
 */
export async function listUpdatedModels(
  api: MlflowApi,
  filter: string | undefined,
  since: number,
  signal: AbortSignal,
): Promise<RegisteredModel[]> {
  const found = new Map<string, RegisteredModel>();
  const query = {
    filter,
    order_by: 'last_updated_timestamp DESC',
    max_results: NEWS_PAGE,
  };
  for await (const page of pages(api, query, signal)) {
    for (const model of page) found.set(model.name, model);
    const oldest = page.at(-1)?.last_updated_timestamp ?? 0;
    if (oldest < since - OVERLAP_MS) break;
  }
  return [...found.values()];
}

async function* pages(
  api: MlflowApi,
  query: { filter?: string; order_by: string; max_results: number },
  signal: AbortSignal,
): AsyncGenerator<RegisteredModel[]> {
  let token: string | undefined;
  for (let i = 0; i < MAX_PAGES; i += 1) {
    const answer = await api.searchModels(query, token, signal);
    yield answer.registered_models;
    const next = answer.next_page_token;
    if (!next) return;
    if (next === token || answer.registered_models.length === 0) break;
    token = next;
  }
  throw new ProviderError(
    'bad-data',
    `${api.title} names a next page of its models again and again; nothing of it is believed.`,
  );
}
