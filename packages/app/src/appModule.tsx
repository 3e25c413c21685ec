import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import { navContent } from './Nav';

/**
 * Signs a visitor in as the guest at once. `ProxiedSignInPage` asks the auth
 * backend for a session without showing a page first, which is all the guest
 * provider needs.
 */
const guestSignInPage = SignInPageBlueprint.make({
  params: {
    loader: async () => {
      const { ProxiedSignInPage } = await import('@backstage/core-components');
      return props => <ProxiedSignInPage {...props} provider="guest" />;
    },
  },
});

export const appModule = createFrontendModule({
  pluginId: 'app',
  extensions: [guestSignInPage, navContent],
});
