import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { onceInCatalog } from './onceInCatalog';
import { PERSON_HEADER, personOf, readPeople } from './people';

/**
 * Signs a visitor in as one of a few people of the example catalog, so that one person can request and
 * another approve. Without a password: it refuses to start under `NODE_ENV=production`.
 */
export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-provider',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        providers: authProvidersExtensionPoint,
      },
      async init({ config, providers }) {
        const own = config.getOptionalConfig('auth.providers.demo');
        if (!own) return;
        const people = readPeople(own);
        providers.registerProvider({
          providerId: 'demo',
          factory: createProxyAuthProviderFactory({
            authenticator: createProxyAuthenticator<
              string[],
              { person: string },
              undefined
            >({
              defaultProfileTransform: async ({ person }) => ({
                profile: { displayName: person },
              }),
              initialize: () => people,
              async authenticate({ req }, allowed) {
                const person = personOf(req.headers[PERSON_HEADER], allowed);
                return { result: { person } };
              },
            }),
            signInResolver: ({ result }, context) =>
              onceInCatalog(() =>
                context.signInWithCatalogUser({
                  entityRef: `user:default/${result.person}`,
                }),
              ),
          }),
        });
      },
    });
  },
});
