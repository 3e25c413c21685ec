import type { ModelTarget } from '@slipway/plugin-model-delivery-node';
import {
  CONTRACT_SECRET,
  providerContractTests,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { ShelfServer } from './__testUtils__/ShelfServer';
import { ShelfVersionProvider } from './ShelfVersionProvider';

const modelTarget = (name: string): ModelTarget => ({
  entityRef: 'mlmodel:default/m',
  namespace: 'default',
  name: 'm',
  annotations: {},
  target: { provider: 'shelf', name },
});

let shelf: ShelfServer;

providerContractTests({
  versions: {
    harness: async () => {
      shelf = await ShelfServer.start();
      for (const accuracy of [0.9, 0.92, 0.94, 0.96]) {
        shelf.register('penguin-species', accuracy);
      }
      shelf.models.set('empty', []);
      return {
        provider: new ShelfVersionProvider({ url: shelf.url }),
        model: modelTarget('penguin-species'),
        emptyModel: modelTarget('empty'),
        missingModel: modelTarget('missing'),
        malformedModel: modelTarget('../secrets'),
        close: () => shelf.close(),
      };
    },
    damageBundle: async version => shelf.damage('penguin-species', version),
    faults: {
      upstream: async url =>
        new ShelfVersionProvider({ url, token: CONTRACT_SECRET }),
    },
  },
});
