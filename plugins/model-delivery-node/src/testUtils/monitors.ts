import {
  type Signal,
  reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { EnvironmentTarget } from '../providers/DeploymentProvider';
import type {
  MonitorProvider,
  MonitorTarget,
} from '../providers/MonitorProvider';
import {
  type Faults,
  abortedContext,
  faultContract,
  freshContext,
  identityContract,
} from './faults';

export interface MonitorHarness {
  provider: MonitorProvider;
  /** The signals that it measures, each with data. */
  signals: Signal[];
  /** Where something is live and was asked. */
  target: (signal: Signal) => MonitorTarget;
  /** Where there is no data. */
  silentTarget: (signal: Signal) => MonitorTarget;
  /** Of a provider that has `getLabelled`: an environment with three labels or more. */
  labels?: {
    target: EnvironmentTarget;
    silentTarget: EnvironmentTarget;
    /** Of a provider that has `answerAgain`: another version than that of the predictions. */
    otherVersion?: string;
  };
  close?: () => Promise<void>;
}

/** Earlier than any label. */
const EVER = '2000-01-01T00:00:00.000Z';
const RATIOS: Signal[] = ['availability', 'errors'];

export interface MonitorContract {
  /** Made once, before the suite. */
  harness: () => Promise<MonitorHarness>;
  faults?: Faults<MonitorProvider>;
  /** Of a system of its own that alerts come from: they leave the value as it is. */
  alertFaults?: Faults<MonitorProvider>;
}

/** Declares the suite of a `MonitorProvider`. */
export function monitorContract(contract: MonitorContract): void {
  describe('monitor provider contract', () => {
    let harness: MonitorHarness;
    beforeAll(async () => {
      harness = await contract.harness();
    });
    afterAll(() => harness?.close?.());

    identityContract(() => harness.provider);

    it('reads what it measures, in our units', async () => {
      for (const signal of harness.signals) {
        const found = reading.parse(
          await harness.provider.read(harness.target(signal), freshContext()),
        );
        expect(found).toMatchObject({ insufficient: false });
        expect(found.value).toEqual(expect.any(Number));
        if (RATIOS.includes(signal)) {
          expect(found.value).toBeGreaterThanOrEqual(0);
          expect(found.value).toBeLessThanOrEqual(1);
        }
      }
    });

    it('says that it has no data, and why; never zero', async () => {
      for (const signal of harness.signals) {
        const found = reading.parse(
          await harness.provider.read(
            harness.silentTarget(signal),
            freshContext(),
          ),
        );
        expect(found).toMatchObject({
          value: null,
          reason: expect.stringMatching(/\S/),
        });
      }
    });

    it('gives labels by the id of the prediction, those that came in last first', async () => {
      const { provider, labels } = harness;
      expect(labels !== undefined).toBe(provider.getLabelled !== undefined);
      if (!labels || !provider.getLabelled) return;
      const get = (since: string, limit: number) =>
        provider.getLabelled!(labels.target, { since, limit }, freshContext());
      const all = await get(EVER, 100);
      expect(all.length).toBeGreaterThanOrEqual(3);
      const times = all.map(({ labelledAt }) => labelledAt);
      expect(times).toEqual([...times].sort().reverse());
      expect(new Set(all.map(({ id, row }) => `${id} ${row}`)).size).toBe(
        all.length,
      );
      for (const { predicted, label, predictedAt, labelledAt } of all) {
        expect(typeof label).toBe(typeof predicted);
        expect(predictedAt <= labelledAt).toBe(true);
      }
      expect(await get(EVER, 2)).toEqual(all.slice(0, 2));
      expect(await get(times[0], 100)).toEqual(
        all.filter(({ labelledAt }) => labelledAt === times[0]),
      );
      expect(await get('2100-01-01T00:00:00.000Z', 100)).toEqual([]);
      expect(
        await provider.getLabelled(
          labels.silentTarget,
          { since: EVER, limit: 100 },
          freshContext(),
        ),
      ).toEqual([]);
    });

    it('has labelled rows answered by another version, which changes no label', async () => {
      const { provider, labels } = harness;
      expect(labels?.otherVersion !== undefined).toBe(
        provider.answerAgain !== undefined,
      );
      if (!labels?.otherVersion || !provider.answerAgain) return;
      const range = { since: EVER, limit: 100 };
      const before = await provider.getLabelled!(
        labels.target,
        range,
        freshContext(),
      );
      const again = await provider.answerAgain(
        labels.target,
        { ...range, version: labels.otherVersion },
        freshContext(),
      );
      expect(again.length).toBeGreaterThan(0);
      for (const { answer, ...row } of again) {
        expect(typeof answer).toBe(typeof row.label);
        expect(before).toContainEqual(row);
      }
      expect(
        await provider.getLabelled!(labels.target, range, freshContext()),
      ).toEqual(before);
      await expect(
        provider.answerAgain(
          labels.target,
          { ...range, version: 'never-registered' },
          freshContext(),
        ),
      ).rejects.toMatchObject({ kind: 'not-found' });
    });

    it('does nothing once it is aborted', async () => {
      await expect(
        harness.provider.read(
          harness.target(harness.signals[0]),
          abortedContext(),
        ),
      ).rejects.toBeDefined();
    });

    faultContract(contract.faults, (provider, context) =>
      provider.read(harness.target(harness.signals[0]), context),
    );

    faultContract(contract.alertFaults, async (provider, context) => {
      const { alertsError, ...found } = await provider.read(
        harness.target(harness.signals[0]),
        context,
      );
      if (found.value === null || found.alerts) {
        throw new Error('Its value is to stay, and its alerts are not known');
      }
      throw alertsError;
    });
  });
}
