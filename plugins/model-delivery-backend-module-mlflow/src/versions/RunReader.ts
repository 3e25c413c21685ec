import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { inParallel } from '../api/inParallel';
import type { MlflowApi } from '../api/MlflowApi';
import type { Run } from '../api/schemas';

const AT_ONCE = 8;
/** A model's runs are nearly always of one experiment; beyond these they are read one by one. */
const MAX_EXPERIMENTS = 3;

/** Names are forgotten all at once beyond these, so that memory stays bounded. */
const MAX_REMEMBERED = 20_000;

/** Reads many runs in few calls: MLflow searches them only within an experiment. */
export class RunReader {
  readonly #api: MlflowApi;
  /** In which experiment the last runs of a registered model were: the next will be there too. */
  readonly #experiments = new Map<string, string>();

  constructor(api: MlflowApi) {
    this.#api = api;
  }

  /**
   * By id; a run that is gone is left out.
   *
   * @param model - the registered model that they made versions of.
   */
  async read(
    model: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Run>> {
    const found = new Map<string, Run>();
    const missing = new Set(ids.filter(id => id !== ''));
    const keep = (run: Run) => {
      found.set(run.info.run_id, run);
      missing.delete(run.info.run_id);
    };
    const search = async (experiment: string) => {
      const runs = await this.#api.runs(experiment, [...missing], signal);
      runs.forEach(keep);
    };
    const remembered = this.#experiments.get(model);
    if (remembered && missing.size > 1) await search(remembered);
    for (let i = 0; i < MAX_EXPERIMENTS && missing.size > 0; i += 1) {
      const [first] = missing;
      missing.delete(first);
      const run = await this.#one(first, signal);
      if (!run) continue;
      keep(run);
      this.#remember(model, run.info.experiment_id);
      if (missing.size > 0) await search(run.info.experiment_id);
    }
    const rest = await inParallel([...missing], AT_ONCE, id =>
      this.#one(id, signal),
    );
    for (const run of rest) if (run) keep(run);
    return found;
  }

  #remember(model: string, experiment: string): void {
    if (this.#experiments.size >= MAX_REMEMBERED) this.#experiments.clear();
    this.#experiments.set(model, experiment);
  }

  async #one(id: string, signal: AbortSignal): Promise<Run | null> {
    try {
      return await this.#api.run(id, signal);
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'not-found') {
        return null;
      }
      throw error;
    }
  }
}
