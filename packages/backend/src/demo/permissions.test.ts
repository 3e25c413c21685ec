import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import rbacBackend from '@backstage-community/plugin-rbac-backend';
import {
  type BackendFeature,
  type BackstageUserPrincipal,
  coreServices,
  createBackendModule,
  createServiceFactory,
  type HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import type { Entity } from '@backstage/catalog-model';
import catalogBackend from '@backstage/plugin-catalog-backend';
import {
  type EntityProvider,
  catalogProcessingExtensionPoint,
} from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import permissionBackend from '@backstage/plugin-permission-backend';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import catalogModule from '@slipway/plugin-catalog-backend-module-model-delivery';
import modelDelivery from '@slipway/plugin-model-delivery-backend';
import { modelReadPermission } from '@slipway/plugin-model-delivery-common';
import {
  deploymentProvidersExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import request from 'supertest';
import { OwnersPolicy } from './OwnersPolicy';

jest.setTimeout(120_000);

// Version 6.1 is built for an older release of Backstage, whose reader took no options.
jest.mock('@backstage/backend-defaults/urlReader', () => {
  const actual = jest.requireActual('@backstage/backend-defaults/urlReader');
  return {
    ...actual,
    FetchUrlReader: class extends actual.FetchUrlReader {
      constructor(options = { predicate: () => true }) {
        super(options);
      }
    },
  };
});

const READY_MS = 60_000;
const DOCS = path.resolve(__dirname, '../../../../docs/permissions');
const MODEL = '/api/model-delivery/v1/models/default/penguin-species';
const GROUPS: Record<string, string[]> = {
  owner: ['group:default/ml-platform'],
  reviewer: ['group:default/ml-reviewers'],
  outsider: ['group:default/research'],
  stranger: [],
};
const ROLES = Object.keys(GROUPS);
const ENVIRONMENTS = ['staging', 'production'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

const entities: Entity[] = [
  ...['ml-platform', 'ml-reviewers', 'research'].map(name => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [] },
  })),
  ...ROLES.map(name => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name },
    spec: { memberOf: GROUPS[name] },
  })),
  {
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name: 'penguin-species' },
    spec: {
      type: 'classification',
      lifecycle: 'production',
      owner: 'ml-platform',
      versions: { provider: 'fake', name: 'penguins' },
      environments: ENVIRONMENTS.map(name => ({
        name,
        target: { provider: 'fake' },
        gates: [{ metric: 'accuracy', min: 0.9 }],
      })),
    },
  },
].map(entity => ({
  ...entity,
  metadata: {
    ...entity.metadata,
    namespace: 'default',
    annotations: {
      'backstage.io/managed-by-location': 'url:https://example.com/',
      'backstage.io/managed-by-origin-location': 'url:https://example.com/',
    },
  },
}));

/** Puts the entities into the real catalog. */
const catalogEntities = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'people',
  register(env) {
    env.registerInit({
      deps: { processing: catalogProcessingExtensionPoint },
      async init({ processing }) {
        const provider: EntityProvider = {
          getProviderName: () => 'people',
          connect: connection =>
            connection.applyMutation({
              type: 'full',
              entities: entities.map(entity => ({
                entity,
                locationKey: 'people',
              })),
            }),
        };
        processing.addEntityProvider(provider);
      },
    });
  },
});

/** A registry of one version, and a place that deploys nothing. */
const outsideSystem = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'fake',
  register(env) {
    env.registerInit({
      deps: {
        versions: versionProvidersExtensionPoint,
        deployments: deploymentProvidersExtensionPoint,
      },
      async init({ versions, deployments }) {
        const identity = { id: 'fake', title: 'Fake system' };
        versions.addVersionProvider({
          ...identity,
          subjectOf: () => 'penguins',
          listVersions: async () => ({
            items: [
              {
                version: '0.1.0',
                status: 'registered',
                reasons: [],
                commit: null,
                commitMessage: null,
                author: null,
                createdAt: '2026-01-01T12:00:00.000Z',
                digest: null,
                artifactUri: null,
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
              },
            ],
          }),
          getEvidence: async () => [],
          hasBundle: async () => true,
        } as unknown as Parameters<typeof versions.addVersionProvider>[0]);
        deployments.addDeploymentProvider({
          ...identity,
          subjectOf: () => 'penguins',
          identify: (target: { environment: string }) => ({
            key: `fake:${target.environment}`,
            names: {},
          }),
          getState: async () => ({
            live: null,
            status: 'ready',
            message: null,
            endpoint: null,
          }),
        } as unknown as Parameters<
          typeof deployments.addDeploymentProvider
        >[0]);
      },
    });
  },
});

/** The groups of a person, as the auth backend tells them. */
const userInfo = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => ({
    async getUserInfo(credentials) {
      const { userEntityRef } = credentials.principal as {
        userEntityRef: string;
      };
      return {
        userEntityRef,
        ownershipEntityRefs: [
          userEntityRef,
          ...GROUPS[userEntityRef.split('/')[1]],
        ],
      };
    },
  }),
});

const HIDDEN: PolicyDecision = { result: AuthorizeResult.DENY };

/** Names the plugin that calls on behalf of a person, as the real service does and the mock does not. */
const httpAuth = createServiceFactory({
  service: coreServices.httpAuth,
  deps: { plugin: coreServices.pluginMetadata },
  factory({ plugin }): HttpAuthService {
    const mock = mockServices.httpAuth({ pluginId: plugin.getId() });
    return {
      issueUserCookie: (...args) => mock.issueUserCookie(...args),
      async credentials(req, options) {
        const credentials = await mock.credentials(req, options);
        const principal = credentials.principal as BackstageUserPrincipal;
        const isBehalf =
          principal.type === 'user' &&
          req.headers.authorization?.startsWith('Bearer mock-service-token:');
        if (!isBehalf) return credentials;
        const actor = {
          type: 'service',
          subject: 'plugin:permission',
        } as const;
        return {
          ...credentials,
          principal: { ...principal, actor },
        } as unknown as typeof credentials;
      },
    };
  },
});

/** The policy of the demo, which hides models from the stranger besides. */
class HidingPolicy extends OwnersPolicy {
  async handle(...[query, user]: Parameters<OwnersPolicy['handle']>) {
    const { permission } = query;
    const isStranger = user?.info.userEntityRef === 'user:default/stranger';
    if (isStranger && isPermission(permission, modelReadPermission)) {
      return HIDDEN;
    }
    return super.handle(query, user);
  }
}

const inCode = createBackendModule({
  pluginId: 'permission',
  moduleId: 'policy-in-code',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      init: async ({ policy }) => policy.setPolicy(new HidingPolicy()),
    });
  },
});

const POLICIES: [string, BackendFeature[]][] = [
  ['a policy in code', [permissionBackend, inCode]],
  ["the community's RBAC backend with the files of the docs", [rbacBackend]],
];

interface Verb {
  name: string;
  send: (of: {
    environment: Environment;
    deploymentId: string;
  }) => [method: 'get' | 'post', path: string, body?: object];
  /** Who may, by environment. */
  may: Record<Environment, string[]>;
}
const reason = 'For the table of verbs';
const at = (environment: string, verb: string) =>
  `/environments/${environment}/${verb}`;
const everywhere = (...roles: string[]): Verb['may'] => ({
  staging: roles,
  production: roles,
});
const VERBS: Verb[] = [
  {
    name: 'read',
    send: () => ['get', ''],
    may: everywhere('owner', 'reviewer', 'outsider'),
  },
  {
    name: 'predict',
    send: ({ environment }) => [
      'post',
      '/predictions',
      { environment, inputs: { x: 1 } },
    ],
    may: everywhere('owner', 'reviewer', 'outsider'),
  },
  {
    name: 'train',
    send: () => ['post', '/runs', { kind: 'training', reason }],
    may: everywhere('owner'),
  },
  {
    name: 'deploy',
    send: ({ environment }) => [
      'post',
      '/deployments',
      { environment, version: '0.1.0', reason },
    ],
    may: everywhere('owner'),
  },
  {
    name: 'override gates',
    send: ({ environment }) => [
      'post',
      '/deployments/override',
      { environment, version: '0.9.0', reason },
    ],
    may: { staging: ['owner'], production: [] },
  },
  ...(['rollback', 'bring-back', 'adopt', 'lift-hold'] as const).map(name => ({
    name,
    send: (({ environment }) => [
      'post',
      at(environment, name),
      { reason },
    ]) as Verb['send'],
    may: everywhere('owner'),
  })),
  ...(['cancel', 'force-release', 'continue'] as const).map(name => ({
    name,
    send: (({ deploymentId }) => [
      'post',
      `/deployments/${deploymentId}/${name}`,
      { reason },
    ]) as Verb['send'],
    may: everywhere('owner'),
  })),
  ...(['approve', 'reject'] as const).map(name => ({
    name,
    send: (({ deploymentId }) => [
      'post',
      `/deployments/${deploymentId}/${name}`,
      { reason },
    ]) as Verb['send'],
    may: { staging: ['owner'], production: ['reviewer'] },
  })),
];

describe.each(POLICIES)('with %s', (_, policy) => {
  let server: Awaited<ReturnType<typeof startTestBackend>>;
  // A folder, since the RBAC backend reads the tables of the catalog too.
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-policy-'));
  const deploymentIds = {} as Record<Environment, string>;

  const send = (
    role: string,
    [method, below, body]: ReturnType<Verb['send']>,
  ) =>
    request(server.server)
      [method](`${MODEL}${below}`)
      .set('authorization', mockCredentials.user.header(`user:default/${role}`))
      .send(body);
  const outcomeOf = async (
    role: string,
    asked: ReturnType<Verb['send']>,
  ): Promise<string> => {
    const { status, body } = await send(role, asked);
    const message = body.error?.message ?? '';
    if (status === 404 && message.startsWith('There is no model')) {
      return 'hidden';
    }
    // A person who is not in a group that is asked is refused with 403 too, after the permission.
    if (status === 403 && message.startsWith('The permission ')) {
      return 'denied';
    }
    return status < 500 ? 'allowed' : `${status} ${message}`;
  };

  /** Once the model and its version were read, and the conditions were loaded. */
  const deployedTo = async (environment: Environment): Promise<string> => {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const { status, body } = await send('owner', [
        'post',
        '/deployments',
        { environment, version: '0.1.0', reason },
      ]);
      if (status === 200) return body.id;
      if (Date.now() > deadline) {
        throw new Error(`Not ready: ${status} ${JSON.stringify(body.error)}`);
      }
      await delay(100);
    }
  };

  beforeAll(async () => {
    server = await startTestBackend({
      features: [
        catalogBackend,
        catalogModule,
        catalogEntities,
        modelDelivery,
        outsideSystem,
        userInfo,
        httpAuth,
        metricsServiceMock.factory(),
        mockServices.rootLogger.factory(),
        mockServices.rootConfig.factory({
          data: {
            backend: {
              baseUrl: 'http://localhost:0',
              database: {
                client: 'better-sqlite3',
                connection: { directory },
              },
            },
            catalog: {
              processingInterval: { seconds: 1 },
              rules: [{ allow: ['Group', 'User', 'MLModel'] }],
            },
            permission: {
              enabled: true,
              rbac: {
                'policies-csv-file': path.join(DOCS, 'rbac-policy.csv'),
                conditionalPoliciesFile: path.join(
                  DOCS,
                  'rbac-conditions.yaml',
                ),
                pluginsWithPermission: ['catalog', 'model-delivery'],
              },
            },
          },
        }),
        ...policy,
      ],
    });
    for (const environment of ENVIRONMENTS) {
      deploymentIds[environment] = await deployedTo(environment);
    }
  });
  afterAll(async () => {
    await server?.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it.each(
    VERBS.flatMap(verb =>
      ENVIRONMENTS.map(environment => [verb.name, environment, verb] as const),
    ),
  )('%s in %s', async (_name, environment, verb) => {
    const deploymentId = deploymentIds[environment];
    const outcomes: Record<string, string> = {};
    for (const role of ROLES) {
      outcomes[role] = await outcomeOf(
        role,
        verb.send({ environment, deploymentId }),
      );
    }
    const may = verb.may[environment];
    expect(outcomes).toEqual({
      owner: may.includes('owner') ? 'allowed' : 'denied',
      reviewer: may.includes('reviewer') ? 'allowed' : 'denied',
      outsider: may.includes('outsider') ? 'allowed' : 'denied',
      stranger: 'hidden',
    });
  });
});
