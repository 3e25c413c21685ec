import {
  type Signal,
  reading,
} from '@slipway/plugin-model-delivery-common/schema';
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
  close?: () => Promise<void>;
}

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
