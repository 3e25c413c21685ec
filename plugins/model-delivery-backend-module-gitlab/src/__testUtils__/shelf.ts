import { Readable } from 'node:stream';
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  ProviderError,
  type ProviderVersion,
  type VersionProvider,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';

const version: ProviderVersion = {
  version: '1.0.0',
  status: 'registered',
  reasons: [],
  commit: 'a'.repeat(40),
  commitMessage: 'Change',
  author: 'Ada',
  createdAt: '2026-03-01T10:00:00.000Z',
  committedAt: null,
  digest: `sha256:${'1'.repeat(64)}`,
  artifactUri: 's3://models/1.0.0',
  datasetDigest: null,
  datasetName: null,
  datasetRows: null,
  sizeBytes: null,
  metrics: [],
  params: {},
  aliases: [],
  runId: null,
  hasCard: false,
  url: null,
};

/** A registry with one version. */
const shelf: VersionProvider = {
  id: 'shelf',
  title: 'Shelf',
  listVersions: async () => ({ items: [version] }),
  async getVersion(_, wanted) {
    if (wanted === version.version) return version;
    throw new ProviderError('not-found', `Shelf has no ${wanted}.`);
  },
  getEvidence: async () => [],
  getCard: async () => null,
  getSignature: async () => null,
  openBundle: async () => ({ stream: Readable.from([]), sizeBytes: null }),
  hasBundle: async () => true,
  async mark() {},
};

export const shelfModule = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'shelf',
  register(env) {
    env.registerInit({
      deps: { versions: versionProvidersExtensionPoint },
      async init({ versions }) {
        versions.addVersionProvider(shelf);
      },
    });
  },
});
