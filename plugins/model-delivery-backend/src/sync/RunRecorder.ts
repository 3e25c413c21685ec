import {
  evidence as evidenceSchema,
  job,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  ModelTarget,
  PipelineProvider,
  ProviderContext,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { ENDED, pipelineKey } from '../database/RunStore';
import type { Stores } from '../database/stores';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { readEvidence } from './readEvidence';

/** One pipeline of a model, and its provider. */
export interface Pipeline {
  spec: ModelSpec;
  provider: PipelineProvider;
  model: ModelTarget;
}

/** Keeps a run that was read, with its jobs and what it proved. */
export class RunRecorder {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #now: () => Date;

  constructor(stores: Stores, registry: ProviderRegistry, now: () => Date) {
    this.#stores = stores;
    this.#registry = registry;
    this.#now = now;
  }

  async record(
    { spec, provider, model }: Pipeline,
    item: ProviderRun,
    context: ProviderContext,
  ): Promise<void> {
    const thing = `run ${item.id}`;
    const jobs = parseAnswer(
      provider,
      { thing, part: 'jobs' },
      z.array(job),
      await provider.getJobs(model, item.id, context),
    );
    const evidence = parseAnswer(
      provider,
      { thing, part: 'evidence' },
      z.array(evidenceSchema),
      await provider.getEvidence(model, item.id, context),
    );
    await this.#stores.versions.putEvidence(
      spec.entityRef,
      { type: 'run', id: item.id },
      evidence,
    );
    if (
      item.trigger === 'evaluation' &&
      item.version &&
      ENDED.includes(item.status)
    ) {
      await this.#renewEvidence(spec, item.version, context);
    }
    // Written last: a crash before this line reads the run again.
    await this.#stores.runs.upsert(
      spec.entityRef,
      { ...item, provider: provider.id },
      jobs,
      { pipeline: pipelineKey(model.target), at: this.#now().toISOString() },
    );
  }

  /** A version that was evaluated again has newer evidence in its registry. */
  async #renewEvidence(
    spec: ModelSpec,
    version: string,
    context: ProviderContext,
  ): Promise<void> {
    const target = spec.versions;
    const registry = target && this.#registry.find('versions', target.provider);
    if (!registry || !target) return;
    const known = await this.#stores.versions.get(spec.entityRef, version);
    await this.#stores.versions.putEvidence(
      spec.entityRef,
      { type: 'version', id: version },
      await readEvidence(
        registry,
        targetOf(spec, target),
        { version, createdAt: known?.createdAt },
        context,
      ),
    );
  }
}
