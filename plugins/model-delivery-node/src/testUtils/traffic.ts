import { setTimeout as sleep } from 'node:timers/promises';
import { trafficComparison } from '@slipway/plugin-model-delivery-common/schema';
import type {
  DeployProgress,
  JsonValue,
} from '../providers/DeploymentProvider';
import type { Deployable, DeploymentHarness } from './deployments';
import { freshContext } from './faults';

const POLL_MS = 50;

/**
 * Declares what holds of a provider that splits traffic, where a version is live already.
 *
 * @param inputs - what a version answers to, where the provider predicts.
 */
export function trafficContract(
  harness: () => DeploymentHarness,
  inputs: Record<string, JsonValue> | undefined,
): void {
  describe('while a deployment rolls out', () => {
    const progress = (id: string) => {
      const { provider, target } = harness();
      return provider.getProgress(target, id, freshContext());
    };
    const until = async (id: string, is: (now: DeployProgress) => boolean) => {
      const deadline = Date.now() + harness().timeoutMs;
      for (;;) {
        const now = await progress(id);
        if (is(now)) return now;
        if (now.phase === 'failed' || Date.now() > deadline) {
          throw new Error(`${id} is ${JSON.stringify(now)}`);
        }
        await sleep(POLL_MS);
      }
    };
    const begin = async (deploymentId: string, version: Deployable) => {
      const { provider, target } = harness();
      await provider.deploy(
        target,
        { deploymentId, ...version, rollout: { sticky: null } },
        freshContext(),
      );
      return until(deploymentId, ({ phase }) => phase === 'rolling-out');
    };
    const shift = (id: string, weight: number, mirror = false) => {
      const { provider, target } = harness();
      return provider.setTraffic!(
        target,
        id,
        { weight, mirror },
        freshContext(),
      );
    };
    const live = async () => {
      const { provider, target } = harness();
      return (await provider.getState(target, freshContext())).live;
    };

    it('keeps the candidate beside the live version, and sends it nothing until asked', async () => {
      const [first] = harness().versions;
      const before = await live();
      expect(await begin('traffic-1', first)).toMatchObject({ weight: 0 });
      expect(await live()).toEqual(before);
    });

    it('splits the traffic as asked, however often, and says the split', async () => {
      const before = await live();
      await shift('traffic-1', 10);
      await shift('traffic-1', 10);
      expect(await progress('traffic-1')).toMatchObject({
        phase: 'rolling-out',
        weight: 10,
      });
      await shift('traffic-1', 50);
      expect(await progress('traffic-1')).toMatchObject({ weight: 50 });
      expect(await live()).toEqual(before);
    });

    it('counts what both answered since a moment, and nothing from before it', async () => {
      const { provider, target } = harness();
      const read = async (from: Date) =>
        trafficComparison.parse(
          await provider.getTraffic!(
            target,
            'traffic-1',
            {
              from: from.toISOString(),
              to: new Date(Date.now() + 1_000).toISOString(),
            },
            freshContext(),
          ),
        );
      const started = new Date();
      if (inputs) {
        for (let n = 0; n < 20; n += 1) {
          await provider.predict!(target, inputs, freshContext());
        }
        const { candidate, live: other } = await read(started);
        expect(candidate.requests + other.requests).toBe(20);
        expect(candidate.requests).toBe(10);
        expect(candidate.errors + other.errors).toBe(0);
        const range = candidate.p95RangeMs;
        if (range) {
          expect(candidate.p95Ms).toBeGreaterThanOrEqual(range.low);
          expect(candidate.p95Ms).toBeLessThanOrEqual(range.high);
        }
      }
      await shift('traffic-1', 40);
      const { candidate } = await read(new Date());
      expect(candidate).toMatchObject({ requests: 0, p95Ms: null });
    });

    it('ends a candidate that is cancelled, and keeps what is live', async () => {
      const { provider, target } = harness();
      const before = await live();
      await provider.cancel(target, 'traffic-1', freshContext());
      expect(await progress('traffic-1')).toMatchObject({ phase: 'failed' });
      expect(await live()).toEqual(before);
      await expect(shift('traffic-1', 10)).rejects.toMatchObject({
        name: 'ProviderError',
        kind: 'not-found',
      });
    });

    it('makes the candidate live with all traffic, once', async () => {
      const [first] = harness().versions;
      await begin('traffic-2', first);
      await shift('traffic-2', 50, true);
      await shift('traffic-2', 100);
      const now = await until('traffic-2', ({ phase }) => phase === 'live');
      await shift('traffic-2', 100);
      expect(await progress('traffic-2')).toEqual(now);
      expect(await live()).toMatchObject({
        version: first.version,
        deploymentId: 'traffic-2',
      });
    });
  });
}
