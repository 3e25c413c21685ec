import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  DeployProgress,
  DeployRequest,
  DeploymentProvider,
  EnvironmentTarget,
  JsonValue,
} from '../providers/DeploymentProvider';
import {
  type Faults,
  abortedContext,
  faultContract,
  freshContext,
  identityContract,
} from './faults';
import { trafficContract } from './traffic';

export interface DeploymentHarness {
  provider: DeploymentProvider;
  /** Two versions that can be deployed. */
  versions: [Deployable, Deployable];
  /** Nothing is deployed here yet. */
  target: EnvironmentTarget;
  /** Cannot be the address of anything. */
  malformedTarget: EnvironmentTarget;
  /** How long a deployment may take, in milliseconds. */
  timeoutMs: number;
  close?: () => Promise<void>;
}

export type Deployable = Pick<
  DeployRequest,
  'version' | 'digest' | 'artifactUri' | 'openBundle'
>;

const POLL_MS = 50;

export interface DeploymentContract {
  /** Made once, before the suite. */
  harness: () => Promise<DeploymentHarness>;
  /** What a live version answers to, where the provider predicts. */
  inputs?: Record<string, JsonValue>;
  /** False where the outside system fetches the bundle itself, so it can't break off on its way. */
  opensBundle?: boolean;
  /** Makes the outside system let the deployment begun last wait for a person, where it does so. */
  hold?: () => Promise<void>;
  /** Whether traffic shifts in steps. */
  splitsTraffic?: boolean;
  faults?: Faults<DeploymentProvider>;
}

/** Declares the suite of a `DeploymentProvider`. The tests build on one another, in order. */
export function deploymentContract(contract: DeploymentContract): void {
  describe('deployment provider contract', () => {
    let harness: DeploymentHarness;
    beforeAll(async () => {
      harness = await contract.harness();
    });
    afterAll(() => harness?.close?.());

    const deploy = (deploymentId: string, version: Deployable) =>
      harness.provider.deploy(
        harness.target,
        { deploymentId, ...version },
        freshContext(),
      );
    const state = () =>
      harness.provider.getState(harness.target, freshContext());
    const ended = async (id: string): Promise<DeployProgress> => {
      const deadline = Date.now() + harness.timeoutMs;
      for (;;) {
        const progress = await harness.provider.getProgress(
          harness.target,
          id,
          freshContext(),
        );
        if (progress.phase === 'live' || progress.phase === 'failed') {
          return progress;
        }
        if (Date.now() > deadline) {
          throw new Error(`${id} is still ${progress.phase}`);
        }
        await sleep(POLL_MS);
      }
    };

    identityContract(() => harness.provider);

    it('says that nothing is live', async () => {
      expect(await state()).toMatchObject({ live: null });
    });

    it('identifies a target by a key that no other environment has', () => {
      const { provider, target } = harness;
      const { key } = provider.identify(target);
      expect(key).toMatch(/\S/);
      expect(provider.identify({ ...target }).key).toBe(key);
      const other = { ...target, environment: `${target.environment}-2` };
      expect(provider.identify(other).key).not.toBe(key);
      expect(() => provider.identify(harness.malformedTarget)).toThrow(
        expect.objectContaining({ name: 'ProviderError', kind: 'bad-data' }),
      );
    });

    it('does not know an order that never arrived, and lets it be cancelled', async () => {
      const { provider, target } = harness;
      const progress = () =>
        provider.getProgress(target, 'contract-0', freshContext());
      expect(await progress()).toEqual({ phase: 'unknown' });
      await provider.cancel(target, 'contract-0', freshContext());
      expect(['unknown', 'failed']).toContain((await progress()).phase);
    });

    it('brings a version to life, once for each id', async () => {
      const [first] = harness.versions;
      await Promise.all([
        deploy('contract-1', first),
        deploy('contract-1', first),
      ]);
      const progress = await ended('contract-1');
      expect(progress).toMatchObject({
        phase: 'live',
        message: expect.stringMatching(/\S/),
        at: expect.stringMatching(/Z$/),
      });
      expect(await state()).toMatchObject({
        live: { version: first.version, deploymentId: 'contract-1' },
        status: 'ready',
      });
      await deploy('contract-1', first);
      expect(await ended('contract-1')).toEqual(progress);
    });

    it('replaces what is live at an address that stays', async () => {
      const [, second] = harness.versions;
      const { endpoint } = await state();
      await deploy('contract-2', second);
      expect(await ended('contract-2')).toMatchObject({ phase: 'live' });
      expect(await state()).toMatchObject({
        live: { version: second.version, deploymentId: 'contract-2' },
        endpoint,
      });
    });

    it('does not deploy again what was replaced, when asked by its old id', async () => {
      const [first, second] = harness.versions;
      await deploy('contract-1', first);
      expect((await state()).live!.version).toBe(second.version);
    });

    const { inputs } = contract;
    if (inputs) {
      it('predicts with what is live', async () => {
        const [, second] = harness.versions;
        const answer = await harness.provider.predict!(
          harness.target,
          inputs,
          freshContext(),
        );
        expect(answer.version).toBe(second.version);
        expect(Object.keys(answer.outputs).length).toBeGreaterThan(0);
        expect(answer.latencyMs).toBeGreaterThanOrEqual(0);
        for (const wrong of [{ ...inputs, 'no such input': 1 }, {}]) {
          await expect(
            harness.provider.predict!(harness.target, wrong, freshContext()),
          ).rejects.toMatchObject({ name: 'ProviderError', kind: 'invalid' });
        }
      });
    }

    if (contract.opensBundle ?? true) {
      it('keeps an order cancelled that arrives after its cancellation', async () => {
        const [first] = harness.versions;
        const before = await state();
        await deploy('contract-0', first);
        expect(await ended('contract-0')).toMatchObject({ phase: 'failed' });
        expect((await state()).live).toEqual(before.live);
      });

      it('accepts an order at once and fetches its bundle behind it, for as long as that takes', async () => {
        const [first] = harness.versions;
        const { provider, target } = harness;
        let release = () => {};
        const released = new Promise<void>(resolve => {
          release = resolve;
        });
        await deploy('contract-7', {
          ...first,
          openBundle: async signal => {
            await released;
            return first.openBundle(signal);
          },
        });
        const { phase } = await provider.getProgress(
          target,
          'contract-7',
          freshContext(),
        );
        expect(phase).toBe('in-progress');
        release();
        expect(await ended('contract-7')).toMatchObject({ phase: 'live' });
        const [, second] = harness.versions;
        await deploy('contract-8', second);
        expect(await ended('contract-8')).toMatchObject({ phase: 'live' });
      });

      it('ends the download of a deployment that is cancelled', async () => {
        const [first, second] = harness.versions;
        let signalOfDownload: AbortSignal | undefined;
        await deploy('contract-9', {
          ...first,
          openBundle: signal => {
            signalOfDownload = signal;
            return new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason));
            });
          },
        });
        await harness.provider.cancel(
          harness.target,
          'contract-9',
          freshContext(),
        );
        expect(await ended('contract-9')).toMatchObject({ phase: 'failed' });
        // It may have been cancelled before the download began.
        expect(signalOfDownload?.aborted ?? true).toBe(true);
        expect((await state()).live!.version).toBe(second.version);
      });

      it('fails with the reason when the bundle breaks off, and keeps what is live', async () => {
        const [first, second] = harness.versions;
        const broken: Deployable = {
          ...first,
          openBundle: async () => ({
            stream: Readable.from(
              (async function* breakOff() {
                yield Buffer.from('half of');
                throw new Error('the bytes are not the registered ones');
              })(),
            ),
            sizeBytes: null,
          }),
        };
        await deploy('contract-3', broken);
        expect(await ended('contract-3')).toMatchObject({
          phase: 'failed',
          message: expect.stringContaining('not the registered ones'),
        });
        expect((await state()).live!.version).toBe(second.version);
      });
    }

    it('leaves what is live alone when its deployment is cancelled', async () => {
      const [, second] = harness.versions;
      await harness.provider.cancel(
        harness.target,
        'contract-2',
        freshContext(),
      );
      expect(await ended('contract-2')).toMatchObject({ phase: 'live' });
      expect((await state()).live!.version).toBe(second.version);
    });

    it('ends a deployment that is cancelled before it is live', async () => {
      const [first, second] = harness.versions;
      await deploy('contract-4', first);
      await harness.provider.cancel(
        harness.target,
        'contract-4',
        freshContext(),
      );
      const { phase } = await ended('contract-4');
      // It may have been faster than we were.
      const expected = phase === 'live' ? first : second;
      expect((await state()).live!.version).toBe(expected.version);
    });

    const { hold } = contract;
    if (hold) {
      it('says that it waits for a person, steadily, and can be cancelled then', async () => {
        const [first] = harness.versions;
        const before = await state();
        const look = () =>
          harness.provider.getProgress(
            harness.target,
            'contract-6',
            freshContext(),
          );
        await deploy('contract-6', first);
        await hold();
        const waiting = await look();
        expect(waiting).toMatchObject({
          message: expect.stringMatching(/\S/),
          waitsFor: { kind: 'person' },
        });
        expect(await look()).toEqual(waiting);
        await harness.provider.cancel(
          harness.target,
          'contract-6',
          freshContext(),
        );
        expect(await ended('contract-6')).toMatchObject({ phase: 'failed' });
        expect((await state()).live).toEqual(before.live);
      });
    }

    it('refuses a target that cannot be one', async () => {
      await expect(
        harness.provider.getState(harness.malformedTarget, freshContext()),
      ).rejects.toMatchObject({ name: 'ProviderError', kind: 'bad-data' });
    });

    it('does nothing once it is aborted', async () => {
      const { provider, target } = harness;
      const [first] = harness.versions;
      const context = abortedContext();
      for (const call of [
        provider.getState(target, context),
        provider.getProgress(target, 'contract-1', context),
        provider.deploy(
          target,
          { deploymentId: 'contract-5', ...first },
          context,
        ),
      ]) {
        await expect(call).rejects.toBeDefined();
      }
      expect(
        await provider.getProgress(target, 'contract-5', freshContext()),
      ).toEqual({ phase: 'unknown' });
    });

    if (contract.splitsTraffic) trafficContract(() => harness, inputs);

    faultContract(contract.faults, (provider, context) =>
      provider.getState(harness.target, context),
    );
  });
}
