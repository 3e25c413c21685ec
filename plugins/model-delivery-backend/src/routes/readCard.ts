import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { registryOf } from './registryOf';
import { upstream } from './upstream';

const MAX_CARD_LENGTH = 500_000;

/** @returns the model card as Markdown, or null where the version has none. */
export async function readCard(
  registry: ProviderRegistry,
  spec: ModelSpec,
  version: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { provider, model } = registryOf(registry, spec);
  const card = await upstream(provider.title, () =>
    provider.getCard(model, version, { signal }),
  );
  return card && card.slice(0, MAX_CARD_LENGTH);
}
