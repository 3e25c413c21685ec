import { createApp } from '@backstage/frontend-defaults';
import { appModule } from './appModule';

// Plugins are discovered: each one is a dependency of this package.
export default createApp({ features: [appModule] });
