import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./demo/signIn'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./demo/permissionPolicy'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@slipway/plugin-catalog-backend-module-model-delivery'));

backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@slipway/plugin-scaffolder-backend-module-model-delivery'));

backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-mcp-actions-backend'));

backend.add(import('@slipway/plugin-model-delivery-backend'));
backend.add(import('@slipway/plugin-model-delivery-backend-module-github'));
backend.add(import('@slipway/plugin-model-delivery-backend-module-gitlab'));
backend.add(import('@slipway/plugin-model-delivery-backend-module-local'));
backend.add(import('@slipway/plugin-model-delivery-backend-module-mlflow'));
backend.add(import('@slipway/plugin-model-delivery-backend-module-prometheus'));

backend.start();
