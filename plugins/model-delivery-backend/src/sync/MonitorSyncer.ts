import {
  type ModelSpec,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import { judgeReading } from '../policy/monitors';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Syncer } from './Syncer';

const AGAIN_SECONDS = 15;

/** Reads monitors, judges them and keeps the samples. */
export class MonitorSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    private readonly now: () => Date,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('monitors', providerId);
    const before = await this.stores.monitors.all(spec.entityRef);
    let changed = false;
    for (const monitor of spec.monitors) {
      if (monitor.source.provider !== providerId) continue;
      const { target: _, ...model } = targetOf(spec, monitor.source);
      const reading = readingSchema.parse(
        await provider.read({ ...model, monitor }, context),
      );
      const judged = judgeReading(monitor, reading, before.get(monitor.name));
      await this.stores.monitors.put(
        spec.entityRef,
        judged,
        this.now().toISOString(),
      );
      changed = true;
    }
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
    };
  }
}
