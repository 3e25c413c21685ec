import { createFrontendFeatureLoader } from '@backstage/frontend-plugin-api';
import {
  appModule,
  catalogGraphModule,
  catalogModule,
} from './blueprints/hostModules';

/** What other plugins have to know of the kind `MLModel`: its icon and its relations. */
export default createFrontendFeatureLoader({
  loader: () => [appModule, catalogModule, catalogGraphModule],
});
