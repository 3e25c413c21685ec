import type { Signal } from '@slipway/plugin-model-delivery-common/schema';
import {
  CONTRACT_SECRET,
  providerContractTests,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { StandIn, vector } from './__testUtils__/StandIn';
import { monitorTarget, serverConfig } from './__testUtils__/monitors';
import { PrometheusMonitorProvider } from './monitoring/PrometheusMonitorProvider';

const auth = { type: 'bearer', token: CONTRACT_SECRET };
const target = (signal: Signal) =>
  monitorTarget({ query: `${signal}{job="a"}` }, { name: signal, signal });
const opened: PrometheusMonitorProvider[] = [];
const open = (server: object) => {
  const provider = new PrometheusMonitorProvider(serverConfig(server));
  opened.push(provider);
  return provider;
};
let standIn: StandIn;

async function harness() {
  standIn = await StandIn.start();
  standIn.answers(({ params }) =>
    /^(availability|latency|errors)/.test(params.query ?? '')
      ? vector({ value: '0.25' })
      : undefined,
  );
  return {
    provider: open({ url: standIn.url }),
    signals: ['availability', 'latency', 'errors'] as Signal[],
    target,
    silentTarget: (signal: Signal) =>
      monitorTarget({ query: 'nothing{job="a"}' }, { name: signal, signal }),
    close: async () => {
      await Promise.all(opened.map(provider => provider.close()));
      await standIn.stop();
    },
  };
}

describe('Prometheus', () => {
  providerContractTests({
    monitors: {
      harness,
      faults: { upstream: async url => open({ url, auth }) },
    },
  });
});

describe('its Alertmanager', () => {
  providerContractTests({
    monitors: {
      harness,
      alertFaults: {
        upstream: async url =>
          open({ url: standIn.url, alertmanager: { url, auth } }),
      },
    },
  });
});
