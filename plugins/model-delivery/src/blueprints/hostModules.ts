import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { IconBundleBlueprint } from '@backstage/plugin-app-react';
import {
  catalogApiRef,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';
import { DefaultEntityPresentationApi } from '@backstage/plugin-catalog';
import {
  ALL_RELATION_PAIRS,
  ALL_RELATIONS,
  catalogGraphApiRef,
  DefaultCatalogGraphApi,
} from '@backstage/plugin-catalog-graph';
import {
  RELATION_TRAINED_ON,
  RELATION_TRAINING_DATA_OF,
} from '@slipway/plugin-model-delivery-common';
import { ModelIcon, modelIcon } from '../icons';

/** The icon of the kind, wherever the host looks one up by its id. */
export const appModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    IconBundleBlueprint.make({
      name: 'model-delivery',
      params: { icons: { 'kind:mlmodel': modelIcon } },
    }),
  ],
});

/** The icon of the kind beside the names of models. */
export const catalogModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [
    ApiBlueprint.make({
      name: 'entity-presentation',
      params: defineParams =>
        defineParams({
          api: entityPresentationApiRef,
          deps: { catalogApi: catalogApiRef },
          factory: ({ catalogApi }) =>
            DefaultEntityPresentationApi.create({
              catalogApi,
              kindIcons: { mlmodel: ModelIcon },
            }),
        }),
    }),
  ],
});

/** What a model was trained on, in the catalog graph beside all that it knows already. */
export const catalogGraphModule = createFrontendModule({
  pluginId: 'catalog-graph',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogGraphApiRef,
          deps: {},
          factory: () =>
            new DefaultCatalogGraphApi({
              // Left out, the constructor fails.
              defaultRelationTypes: { exclude: [] },
              knownRelations: [
                ...ALL_RELATIONS,
                RELATION_TRAINED_ON,
                RELATION_TRAINING_DATA_OF,
              ],
              knownRelationPairs: [
                ...ALL_RELATION_PAIRS,
                [RELATION_TRAINED_ON, RELATION_TRAINING_DATA_OF],
              ],
            }),
        }),
    }),
  ],
});
