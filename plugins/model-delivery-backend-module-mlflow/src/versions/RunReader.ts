import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { inParallel } from '../api/inParallel';
import type { MlflowApi } from '../api/MlflowApi';
import type { Run } from '../api/schemas';

const AT_ONCE = 8;
/** A model's runs are nearly always of one experiment; beyond these they are read one by one. */
const MAX_EXPERIMENTS = 3;

/** Reads many runs in few calls: MLflow searches them only within an experiment. */
export class RunReader {
  constructor(private readonly api: MlflowApi) {}

  /** By id; a run that is gone is left out. */
  async read(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Run>> {
    const found = new Map<string, Run>();
    const missing = new Set(ids.filter(id => id !== ''));
    for (let i = 0; i < MAX_EXPERIMENTS && missing.size > 0; i += 1) {
      const [first] = missing;
      missing.delete(first);
      const run = await this.#one(first, signal);
      if (!run) continue;
      const others = missing.size
        ? await this.api.runs(run.info.experiment_id, [...missing], signal)
        : [];
      for (const one of [run, ...others]) {
        found.set(one.info.run_id, one);
        missing.delete(one.info.run_id);
      }
    }
    const rest = await inParallel([...missing], AT_ONCE, id =>
      this.#one(id, signal),
    );
    for (const run of rest) if (run) found.set(run.info.run_id, run);
    return found;
  }

  async #one(id: string, signal: AbortSignal): Promise<Run | null> {
    try {
      return await this.api.run(id, signal);
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'not-found') {
        return null;
      }
      throw error;
    }
  }
}
