import { REGISTERED_PROVIDER } from '@slipway/plugin-model-delivery-common';
import type { DiscoveredModel } from '@slipway/plugin-model-delivery-common/contract';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountFiltered } from './mount';

const TIMEOUT_MS = 20_000;

export function mountDiscovery(options: MountOptions, deps: RouteDeps): void {
  // Only services reach this: what they may see is not a person's to limit.
  mountFiltered(options, 'discoverModels', async () => {
    const registered = await deps.stores.registered.all();
    const items = registered.map(entity => ({
      provider: REGISTERED_PROVIDER,
      entity: entity as DiscoveredModel['entity'],
    }));
    const incomplete: string[] = [];
    await Promise.all(
      deps.registry.all('versions').map(async provider => {
        if (!provider.discover) return;
        try {
          const entities = await provider.discover({
            signal: AbortSignal.timeout(TIMEOUT_MS),
          });
          items.push(
            ...entities.map(entity => ({
              provider: provider.id,
              entity: { ...entity },
            })),
          );
        } catch (error) {
          deps.logger.warn(
            `${provider.title} could not say which models it has`,
            error as Error,
          );
          incomplete.push(provider.id);
        }
      }),
    );
    const unregistered = await deps.stores.registered.allUnregistered();
    return { items, incomplete, unregistered };
  });
}
