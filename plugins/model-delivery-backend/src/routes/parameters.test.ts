import type { ProjectFile } from '@slipway/plugin-model-delivery-node';
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  projectProvidersExtensionPoint,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { stringify } from 'yaml';
import { FakeSystem, modelEntity } from '../__testUtils__/fakes';
import { BASE, MODEL, startBackend } from '../__testUtils__/startBackend';

jest.setTimeout(60_000);

const owner = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'ml-platform', namespace: 'default' },
  spec: {},
};

describe('what is sent', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const created: ProjectFile[][] = [];
  const taken = new Set<string>();

  beforeAll(async () => {
    backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity(), owner],
      features: [
        createBackendModule({
          pluginId: 'model-delivery',
          moduleId: 'projects',
          register(env) {
            env.registerInit({
              deps: { projects: projectProvidersExtensionPoint },
              async init({ projects }) {
                projects.addProjectProvider({
                  id: 'local',
                  title: 'This machine',
                  checkName: async () => null,
                  async create({ name, files }) {
                    if (taken.has(name)) {
                      throw new ProviderError('conflict', `${name} exists.`);
                    }
                    created.push(files);
                    return { cloneUrl: '/x', commit: 'c', entityRef: 'e' };
                  },
                });
              },
            });
          },
        }),
      ],
    });
  });
  afterAll(() => backend.stop());
  beforeEach(() => {
    created.length = 0;
    taken.clear();
  });

  it.each([
    ['get', MODEL],
    ['get', `${MODEL}/runs`],
    ['get', `${MODEL}/environments/production/gates`],
    ['post', `${MODEL}/refresh`],
    ['post', `${MODEL}/deployments`],
  ] as const)(
    '%s %s refuses a kind that is none, naming the parameter',
    async (method, path) => {
      const answer = await backend.api[method](path)
        .query({ kind: ",./;'[]", version: '0.1.0' })
        .send(method === 'post' ? {} : undefined);
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain('query.kind is ",./;\'[]"');
      expect(answer.body.error.message).not.toMatch(/pattern|Invalid|expected/);
    },
  );

  it('does not find a model of a kind that is no model', async () => {
    const answer = await backend.api.get(MODEL).query({ kind: 'Group' });
    expect(answer.status).toBe(404);
  });

  it.each([
    ['trace', MODEL, 'GET, HEAD, OPTIONS'],
    ['put', `${MODEL}/runs`, 'GET, HEAD, OPTIONS, POST'],
    ['get', `${MODEL}/refresh`, 'OPTIONS, POST'],
  ] as const)(
    'refuses the method %s on %s, and names those there are',
    async (method, path, allow) => {
      const answer = await backend.api[method](path);
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe(allow);
    },
  );

  it.each(['nonsense', 'WyJ', 'W10'])(
    'refuses the cursor %s, which no answer gave',
    async cursor => {
      const answer = await backend.api.get(`${MODEL}/runs`).query({ cursor });
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toMatch(
        /cursor.*start again without it/,
      );
    },
  );

  it.each([
    ['query.branch', `${MODEL}/runs?branch=a%00`],
    ['path.runId', `${MODEL}/runs/%00`],
  ])('refuses a NUL character, naming %s', async (where, path) => {
    const { status, body } = await backend.api.get(path);
    expect(`${status} ${body.error.message}`).toBe(
      `400 ${where} has a NUL character; remove it`,
    );
  });

  it.each([
    ['owner', 'ML Platform'],
    ['lifecycle', 'live \u202e'],
  ])(
    'holds the %s of an existing model to the schema of entities',
    async (field, value) => {
      const { status, body } = await backend.api
        .post(`${BASE}/onboarding/preview`)
        .send({
          name: 'churn',
          owner: 'group:default/ml-platform',
          [field]: value,
        });
      expect(status).toBe(400);
      expect(body.error.message).toContain(`body.${field} is`);
    },
  );

  it('tells which hosts data may come from, and why an address may not be read', async () => {
    const path = `${BASE}/projects/data`;
    const all = await backend.api.get(path).expect(200);
    expect(all.body).toMatchObject({ readable: null, reason: null });
    expect(all.body.hosts).toContain('github.com');
    const url = 'https://nowhere.test/a.csv';
    const refused = await backend.api.get(path).query({ url }).expect(200);
    expect(refused.body).toMatchObject({
      readable: false,
      reason: expect.stringContaining('backend.reading.allow'),
    });
  });

  it('refuses environments of one name', async () => {
    const answer = await backend.api.post(`${BASE}/onboarding/preview`).send({
      name: 'churn',
      owner: 'group:default/ml-platform',
      environments: {
        names: ['staging', 'staging'],
        target: { provider: 'fake' },
      },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain('each name once');
  });

  it('refuses a reason that would turn the direction of the page', async () => {
    const answer = await backend.api.post(`${MODEL}/deployments`).send({
      environment: 'production',
      version: '0.1.0',
      reason: 'Go \u202e back',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain('direction override');
  });

  describe('for a new project', () => {
    const create = (name: string, spec: object = {}, extra: object[] = []) =>
      backend.api.post(`${BASE}/projects`).send({
        name,
        author: { name: 'Ada', email: 'ada@example.com' },
        message: 'Create',
        files: [
          {
            path: 'catalog-info.yaml',
            content: Buffer.from(
              stringify({
                ...modelEntity(name),
                spec: { ...modelEntity(name).spec, ...spec },
              }),
            ).toString('base64'),
          },
          ...extra,
        ],
      });
    const refusal = async (...args: Parameters<typeof create>) => {
      const { status, body } = await create(...args);
      return `${status} ${body.error?.message}`;
    };

    it('answers 409 for a name that is taken', async () => {
      taken.add('churn');
      expect(await refusal('churn')).toBe('409 This machine: churn exists.');
    });

    it.each([
      'x--y',
      'json',
      'numpy',
      'py-compile',
      'prometheus-client',
      'x'.repeat(64),
      '-x',
    ])(
      'answers 400 for the illegal name %s, and fetches nothing',
      async name => {
        expect((await create(name)).status).toBe(400);
        expect(created).toEqual([]);
      },
    );

    it.each([
      [
        'ML Platform',
        /^400 catalog-info\.yaml: spec\.owner is "ML Platform": /,
      ],
      ['', /^400 catalog-info\.yaml: spec\.owner is "": /],
      ['${{ 7*7 }}', /^400 catalog-info\.yaml: spec\.owner is /],
      [
        'group:default/nobody',
        /^400 catalog-info\.yaml: spec\.owner is group:default\/nobody, which is not in the catalog/,
      ],
    ])(
      'refuses the owner %j before anything is published',
      async (name, reason) => {
        expect(await refusal('churn', { owner: name })).toMatch(reason);
        expect(created).toEqual([]);
      },
    );

    it('publishes what is valid', async () => {
      expect((await create('churn')).status).toBe(200);
      expect(created).toHaveLength(1);
    });
  });
});
