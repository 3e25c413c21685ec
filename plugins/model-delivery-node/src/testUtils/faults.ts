import type { ProviderContext } from '../providers/common';

/**
 * A provider each whose outside system misbehaves. A fault that the outside system cannot have is
 * left out, and what is left out has no test.
 */
export interface Faults<P> {
  /** It answers with something that is not what it should be. */
  malformed?: () => Promise<P>;
  /** It does not answer within 5 seconds. */
  slow?: () => Promise<P>;
  /** It asks to be left alone for a while, and says for how long. */
  rateLimited?: () => Promise<P>;
}

/** Longer than any abort may take to be honoured, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Declares what holds of a read under every fault that the harness can bring about. */
export function faultContract<P>(
  faults: Faults<P> | undefined,
  read: (provider: P, context: ProviderContext) => Promise<unknown>,
): void {
  const { malformed, slow, rateLimited } = faults ?? {};
  if (malformed) {
    it('says that malformed data is the outside system’s fault', async () => {
      const provider = await malformed();
      await expect(read(provider, freshContext())).rejects.toMatchObject({
        name: 'ProviderError',
        kind: 'bad-data',
        message: expect.stringMatching(/\S/),
      });
    });
  }

  if (slow) {
    it('ends at once when it is aborted while the outside system is slow', async () => {
      const provider = await slow();
      const controller = new AbortController();
      const begun = Date.now();
      const reading = read(provider, { signal: controller.signal });
      const timer = setTimeout(() => controller.abort(), 50);
      await expect(reading).rejects.toBeDefined();
      clearTimeout(timer);
      expect(Date.now() - begun).toBeLessThan(PATIENCE_MS);
    });
  }

  if (rateLimited) {
    it('passes on that it has to wait, and for how long', async () => {
      const provider = await rateLimited();
      await expect(read(provider, freshContext())).rejects.toMatchObject({
        name: 'ProviderError',
        kind: 'rate-limited',
        retryAfter: expect.any(Number),
      });
    });
  }
}

export function freshContext(): ProviderContext {
  return { signal: new AbortController().signal };
}

/** A context that was aborted before anything began. */
export function abortedContext(): ProviderContext {
  const controller = new AbortController();
  controller.abort();
  return { signal: controller.signal };
}

/** Declares that a provider names itself as entities and pages need it. */
export function identityContract(
  identity: () => { id: string; title: string },
): void {
  it('names itself', () => {
    expect(identity().id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(identity().title).toMatch(/\S/);
  });
}
