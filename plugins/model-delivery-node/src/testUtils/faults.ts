import type { ProviderError } from '../ProviderError';
import type { ProviderContext } from '../providers/common';
import {
  type FaultServer,
  startFaultServer,
  UPSTREAM_FAULTS,
} from './faultServer';

/** A credential that must appear in no message. */
export const CONTRACT_SECRET = 'contract-5ecret';

/**
 * A provider each whose outside system misbehaves. A fault that the outside system cannot have is
 * left out, and what is left out has no test.
 */
export interface Faults<P> {
  /** One that asks this base URL, with `CONTRACT_SECRET` as its credential. */
  upstream?: (baseUrl: string) => Promise<P>;
}

/** Longer than any abort may take to be honoured, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Declares what holds of a read under every fault of an outside system. */
export function faultContract<P>(
  faults: Faults<P> | undefined,
  read: (provider: P, context: ProviderContext) => Promise<unknown>,
): void {
  const upstream = faults?.upstream;
  if (!upstream) return;

  describe('when the outside system', () => {
    let server: FaultServer;
    beforeAll(async () => {
      server = await startFaultServer();
    });
    afterAll(() => server?.close());

    const failure = async (url: string): Promise<ProviderError> => {
      const provider = await upstream(url);
      const error = await read(provider, freshContext()).then(
        () => undefined,
        cause => cause,
      );
      expect(error).toMatchObject({
        name: 'ProviderError',
        message: expect.stringMatching(/\S/),
      });
      expect(error.message).not.toContain(CONTRACT_SECRET);
      return error;
    };

    it.each(UPSTREAM_FAULTS)('$name, it is $kind', async fault => {
      const error = await failure(server.url(fault));
      expect(error.kind).toBe(fault.kind);
      if (fault.kind === 'rate-limited') {
        expect(error.retryAfter).toBeGreaterThan(0);
      }
      expect(server.followed()).toBe(0);
    });

    it('does not speak TLS, it is unavailable', async () => {
      expect((await failure(server.noTlsUrl)).kind).toBe('unavailable');
    });

    it('is not there, it is unavailable', async () => {
      const gone = await startFaultServer();
      await gone.close();
      expect((await failure(gone.silentUrl)).kind).toBe('unavailable');
    });

    it('does not answer, an abort ends it at once', async () => {
      const provider = await upstream(server.silentUrl);
      const controller = new AbortController();
      const begun = Date.now();
      const reading = read(provider, { signal: controller.signal });
      const timer = setTimeout(() => controller.abort(), 50);
      await expect(reading).rejects.toBeDefined();
      clearTimeout(timer);
      expect(Date.now() - begun).toBeLessThan(PATIENCE_MS);
    });
  });
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
