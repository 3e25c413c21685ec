import { NotFoundError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { DataSnapshot } from '@slipway/plugin-model-delivery-node';
import type { StoredIncident } from '../database/incidentRows';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';

const BRANCH = 'main';
const TIMEOUT_MS = 45_000;

export type Begun =
  | { runId: string; data: string | null }
  /** Training would make the same model again. */
  | { unchanged: string };

/** Trains a model again for an incident, on the newest data that its project offers. */
export class Retraining {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;

  constructor(options: { stores: Stores; registry: ProviderRegistry }) {
    this.#stores = options.stores;
    this.#registry = options.registry;
  }

  /**
   * Idempotent: for one incident it begins one run.
   *
   * @throws NotFoundError where the model declares no pipeline.
   * @throws ProviderError where the provider fails.
   */
  async begin(spec: ModelSpec, incident: StoredIncident): Promise<Begun> {
    const [declared] = spec.pipelines;
    if (!declared) throw new NotFoundError('The model declares no pipeline');
    const provider = this.#registry.get('pipelines', declared.provider);
    const model = targetOf(spec, declared);
    const context = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    const asked = {
      ref: BRANCH,
      reason: `Incident of ${incident.monitor}: ${incident.message}`,
      by: 'system',
    };
    const data = await provider.snapshotData?.(model, asked, context);
    if (data) {
      const same = await this.#trainedOn(spec, incident, data);
      if (same) {
        return {
          unchanged: `Nothing changed since ${same} was trained: the commit ${data.commit.slice(0, 7)} and the training data are the same, so a training would make the same model.`,
        };
      }
    }
    const { runId } = await provider.trigger(
      model,
      { kind: 'training', key: `incident:${incident.id}`, ...asked },
      context,
    );
    return { runId, data: data?.arrived ?? null };
  }

  /** The version that was trained on the same commit and data, as far as both are known. */
  async #trainedOn(
    spec: ModelSpec,
    incident: StoredIncident,
    { commit, datasetDigest }: DataSnapshot,
  ): Promise<string | undefined> {
    const newest = await this.#stores.versions.newest(spec.entityRef);
    const live = incident.version
      ? await this.#stores.versions.get(spec.entityRef, incident.version)
      : undefined;
    return [newest, live].find(
      version =>
        version !== undefined &&
        version.commit === commit &&
        datasetDigest !== null &&
        version.datasetDigest === datasetDigest,
    )?.version;
  }
}
