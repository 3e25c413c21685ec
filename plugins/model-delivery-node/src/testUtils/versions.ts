import {
  evidence,
  signature,
  version,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ModelTarget } from '../providers/common';
import type { VersionProvider } from '../providers/VersionProvider';
import {
  type Faults,
  abortedContext,
  faultContract,
  freshContext,
  identityContract,
} from './faults';
import { pagingContract } from './paging';

export interface VersionHarness {
  provider: VersionProvider;
  /** Has three versions or more, and bundles of them. */
  model: ModelTarget;
  /** Exists and has no versions. */
  emptyModel: ModelTarget;
  /** Does not exist. */
  missingModel: ModelTarget;
  malformedModel: ModelTarget;
  close?: () => Promise<void>;
}

const providerVersion = version.omit({ liveIn: true });

export interface VersionContract {
  /** Made once, before the suite. */
  harness: () => Promise<VersionHarness>;
  /** Makes the bundle of a version other than it was registered, if that can be done. */
  damageBundle?: (version: string) => Promise<void>;
  faults?: Faults<VersionProvider>;
}

/** Declares the suite of a `VersionProvider`. */
export function versionContract(contract: VersionContract): void {
  describe('version provider contract', () => {
    let harness: VersionHarness;
    let newest: string;
    beforeAll(async () => {
      harness = await contract.harness();
      const { items } = await harness.provider.listVersions(
        harness.model,
        { limit: 1 },
        freshContext(),
      );
      newest = items[0].version;
    });
    afterAll(() => harness?.close?.());

    identityContract(() => harness.provider);
    pagingContract({
      list: (page, context) =>
        harness.provider.listVersions(harness.model, page, context),
      empty: (page, context) =>
        harness.provider.listVersions(harness.emptyModel, page, context),
      idOf: item => item.version,
      timeOf: item => item.createdAt,
    });

    it('tells versions and what is known of them in our words', async () => {
      const { provider, model } = harness;
      const { items } = await provider.listVersions(
        model,
        { limit: 100 },
        freshContext(),
      );
      for (const item of items) {
        providerVersion.parse(item);
        expect(
          await provider.getVersion(model, item.version, freshContext()),
        ).toEqual(item);
      }
      for (const item of await provider.getEvidence(
        model,
        newest,
        freshContext(),
      )) {
        evidence.parse(item);
      }
      const declared = await provider.getSignature(
        model,
        newest,
        freshContext(),
      );
      signature.nullable().parse(declared);
      const card = await provider.getCard(model, newest, freshContext());
      expect(card === null || typeof card === 'string').toBe(true);
    });

    it('opens the bundle, of the size that it says', async () => {
      const { provider, model } = harness;
      expect(await provider.hasBundle(model, newest, freshContext())).toBe(
        true,
      );
      const { stream, sizeBytes } = await provider.openBundle(
        model,
        newest,
        freshContext(),
      );
      let read = 0;
      for await (const chunk of stream) read += (chunk as Buffer).length;
      expect(read).toBeGreaterThan(0);
      if (sizeBytes !== null) expect(read).toBe(sizeBytes);
    });

    it('points an alias at one version at a time', async () => {
      const { provider, model } = harness;
      const { items } = await provider.listVersions(
        model,
        { limit: 2 },
        freshContext(),
      );
      const mark = (name: string) =>
        provider.mark(
          model,
          { version: name, alias: 'contract', by: 'x', deploymentId: 'd' },
          freshContext(),
        );
      const marked = async () =>
        (
          await provider.listVersions(model, { limit: 100 }, freshContext())
        ).items
          .filter(({ aliases }) => aliases.includes('contract'))
          .map(item => item.version);
      await mark(items[1].version);
      await mark(items[1].version);
      expect(await marked()).toEqual([items[1].version]);
      await mark(items[0].version);
      expect(await marked()).toEqual([items[0].version]);
    });

    it('says that something is missing', async () => {
      const { provider, model, missingModel } = harness;
      const missing = { name: 'ProviderError', kind: 'not-found' };
      await expect(
        provider.listVersions(missingModel, { limit: 1 }, freshContext()),
      ).rejects.toMatchObject(missing);
      const none = 'no-such-version';
      for (const ask of [
        () => provider.getVersion(model, none, freshContext()),
        () => provider.getEvidence(model, none, freshContext()),
        () => provider.getCard(model, none, freshContext()),
        () => provider.getSignature(model, none, freshContext()),
        () => provider.openBundle(model, none, freshContext()),
      ]) {
        await expect(ask()).rejects.toMatchObject(missing);
      }
      expect(await provider.hasBundle(model, none, freshContext())).toBe(false);
    });

    it('refuses a target that is not one of its own', async () => {
      await expect(
        harness.provider.listVersions(
          harness.malformedModel,
          { limit: 1 },
          freshContext(),
        ),
      ).rejects.toMatchObject({ name: 'ProviderError', kind: 'bad-data' });
    });

    it('does nothing once it is aborted', async () => {
      const { provider, model } = harness;
      const context = abortedContext();
      for (const call of [
        provider.listVersions(model, { limit: 1 }, context),
        provider.getVersion(model, newest, context),
        provider.getEvidence(model, newest, context),
        provider.getCard(model, newest, context),
        provider.getSignature(model, newest, context),
        provider.openBundle(model, newest, context),
      ]) {
        await expect(call).rejects.toBeDefined();
      }
    });

    it('tells models that the catalog may not know', async () => {
      const found = await harness.provider.discover?.(freshContext());
      for (const entity of found ?? []) {
        expect(entity).toMatchObject({
          apiVersion: expect.any(String),
          kind: expect.any(String),
          metadata: { name: expect.any(String) },
          spec: expect.any(Object),
        });
      }
    });

    faultContract(contract.faults, (provider, context) =>
      provider.listVersions(harness.model, { limit: 1 }, context),
    );

    const { damageBundle } = contract;
    if (damageBundle) {
      it('ends the stream of a damaged bundle in an error', async () => {
        await damageBundle(newest);
        const { stream } = await harness.provider.openBundle(
          harness.model,
          newest,
          freshContext(),
        );
        const read = async () => {
          let bytes = 0;
          for await (const chunk of stream) bytes += (chunk as Buffer).length;
          return bytes;
        };
        await expect(read()).rejects.toMatchObject({
          name: 'ProviderError',
          kind: 'bad-data',
        });
      });
    }
  });
}
