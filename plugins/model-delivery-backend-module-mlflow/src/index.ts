/**
 * Versions of models from MLflow registries, and discovery of registered models.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { modelDeliveryModuleMlflow } from './module';
import { eventsModuleMlflow } from './webhooks/eventsModule';

export default createBackendFeatureLoader({
  *loader() {
    yield modelDeliveryModuleMlflow;
    yield eventsModuleMlflow;
  },
});
