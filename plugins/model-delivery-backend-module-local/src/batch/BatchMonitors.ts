import {
  batchJob,
  type Signal,
} from '@slipway/plugin-model-delivery-common/schema';
import type { BatchStore } from '../database/BatchStore';
import type { EnvironmentRow } from '../database/DeploymentStore';
import type { Values } from '../monitoring/readings';
import { readBatch } from './batchReadings';

/** Of these runs the share of failures is taken. */
const RECENT = 20;

/** Reads the monitors of batch jobs out of their runs. */
export class BatchMonitors {
  readonly #store: BatchStore;
  readonly #graceMs: number;

  /** @param graceMs - how long a run may take after it was due. */
  constructor(store: BatchStore, graceMs: number) {
    this.#store = store;
    this.#graceMs = graceMs;
  }

  /** @param now - milliseconds since 1970. @throws ProviderError `unsupported` */
  async read(
    { key, version, batch, next_due_at }: EnvironmentRow,
    signal: Signal,
    now: number,
  ): Promise<Values> {
    return readBatch(signal, {
      job: batchJob.parse(JSON.parse(batch!)),
      version,
      nextDueAt: next_due_at!,
      runs: await this.#store.recent(key, RECENT),
      lastPassed: await this.#store.lastPassed(key),
      now,
      graceMs: this.#graceMs,
    });
  }
}
