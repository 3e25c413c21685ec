/**
 * Versions of models from Shelf, an imaginary registry.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { modelDeliveryModuleShelf } from './module';
import { eventsModuleShelf } from './webhook';

export default createBackendFeatureLoader({
  *loader() {
    yield modelDeliveryModuleShelf;
    yield eventsModuleShelf;
  },
});
