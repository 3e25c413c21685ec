import { InputError, NotFoundError } from '@backstage/errors';
import {
  ProviderError,
  type ProviderIdentity,
} from '@slipway/plugin-model-delivery-node';
import type { Capability } from '../database/SourceStore';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountBasic } from './mount';
import { upstream } from './upstream';

const TEST_TIMEOUT_MS = 10_000;
const ID = /^(pipelines|versions|deployments|monitors):(.+)$/;

export function mountSources(options: MountOptions, deps: RouteDeps): void {
  const providerOf = (id: string): ProviderIdentity => {
    const [, capability, provider] = ID.exec(id) ?? [];
    if (!capability) {
      throw new NotFoundError(
        `There is no source ${id}; it is named <capability>:<provider>`,
      );
    }
    return deps.registry.get(capability as Capability, provider);
  };

  mountBasic(options, 'listSources', async () => ({
    items: await deps.listSources(),
  }));

  mountBasic(options, 'testSource', async ({ params, signal }) => {
    const provider = providerOf(params.id);
    if (!provider.test) {
      throw new InputError(`${provider.title} has nothing to test`);
    }
    const begun = performance.now();
    const outcome = await testOnce(
      provider,
      AbortSignal.any([signal, AbortSignal.timeout(TEST_TIMEOUT_MS)]),
    );
    return { ...outcome, tookMs: Math.round(performance.now() - begun) };
  });

  mountBasic(options, 'listCandidates', async ({ params, query, signal }) => {
    const provider = providerOf(params.id);
    const items = await upstream(
      provider.title,
      async () => (await provider.candidates?.(query.q, { signal })) ?? [],
    );
    return { items };
  });
}

async function testOnce(provider: ProviderIdentity, signal: AbortSignal) {
  try {
    const message = (await provider.test?.({ signal })) ?? '';
    return { ok: true, message, kind: null };
  } catch (error) {
    if (error instanceof ProviderError) {
      return { ok: false, message: error.message, kind: error.kind };
    }
    if (!signal.aborted) throw error;
    return {
      ok: false,
      message: `No answer within ${TEST_TIMEOUT_MS / 1000} s.`,
      kind: 'timeout',
    };
  }
}
