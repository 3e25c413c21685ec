import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scorecardMetricsExtensionPoint } from '@red-hat-developer-hub/backstage-plugin-scorecard-node';
import { ModelDeliveryClient } from '@slipway/plugin-model-delivery-common/client';
import { FIGURE_METRICS } from './figureMetrics';
import { FigureMetricProvider, type ReadFigures } from './FigureMetricProvider';

/** Delivery figures of models as metrics of the Scorecard plugin. */
export const scorecardModuleModelDelivery = createBackendModule({
  pluginId: 'scorecard',
  moduleId: 'model-delivery',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        metrics: scorecardMetricsExtensionPoint,
      },
      async init({ auth, discovery, metrics }) {
        const client = new ModelDeliveryClient({
          discoveryApi: discovery,
          fetchApi: { fetch },
        });
        const read: ReadFigures = async (params, kind) => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: await auth.getOwnServiceCredentials(),
            targetPluginId: 'model-delivery',
          });
          return client.call('getModelFigures', {
            params,
            query: { kind },
            token,
          });
        };
        metrics.addMetricProvider(
          ...FIGURE_METRICS.map(
            metric => new FigureMetricProvider(metric, read),
          ),
        );
      },
    });
  },
});
