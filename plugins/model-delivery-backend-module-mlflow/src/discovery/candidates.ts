import type { Candidate } from '@slipway/plugin-model-delivery-node';
import { nameHolds } from '../api/filters';
import type { MlflowApi } from '../api/MlflowApi';
import type { ServerConfig } from '../config';
import { pageOf } from '../versions/toVersion';
import { catalogNames } from './names';
import { isPrompt, toEntity } from './toEntity';

const MOST = 50;
const MAX_DESCRIPTION = 500;

/** Registered models whose name holds the text; those that begin with it come first. */
export async function findCandidates(
  api: MlflowApi,
  server: ServerConfig,
  search: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  signal.throwIfAborted();
  const text = search.trim().slice(0, 200);
  const { registered_models: found } = await api.searchModels(
    { filter: nameHolds(text), max_results: MOST },
    undefined,
    signal,
  );
  const names = catalogNames(found);
  const starts = (name: string) =>
    name.toLocaleLowerCase().startsWith(text.toLocaleLowerCase()) ? 0 : 1;
  return found
    .filter(model => !isPrompt(model))
    .sort(
      (a, b) => starts(a.name) - starts(b.name) || (a.name < b.name ? -1 : 1),
    )
    .map(model => {
      const name = names.get(model.name)!;
      const { owner } = toEntity(server, model, name).spec;
      return {
        target: { provider: server.id, name: model.name },
        title: model.name,
        description: model.description.slice(0, MAX_DESCRIPTION) || null,
        url: pageOf(server, model.name),
        suggests: {
          name,
          ...(typeof owner === 'string' && { owner }),
        },
      };
    });
}
