import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { readServers, webhookSecrets } from './config';
import { eventsModuleAlertmanager } from './ingress/module';
import { modelDeliveryModulePrometheus } from './module';

/** The module of model delivery and, where an Alertmanager may push, that of the events backend. */
export const prometheusFeatures = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    yield modelDeliveryModulePrometheus;
    // Its plugin need not be installed for anything else.
    if (webhookSecrets(readServers(config)).length > 0) {
      yield eventsModuleAlertmanager;
    }
  },
});
