import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import { navContent } from './Nav';

/** Offers the people of the demo, and signs in as the one who was chosen last. */
const demoSignInPage = SignInPageBlueprint.make({
  params: {
    loader: () => import('./demo/SignIn').then(m => m.SignIn),
  },
});

export const appModule = createFrontendModule({
  pluginId: 'app',
  extensions: [demoSignInPage, navContent],
});
