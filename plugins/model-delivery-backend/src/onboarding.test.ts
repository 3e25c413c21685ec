import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { parse } from 'yaml';
import { FakeSystem, fakeVersion, modelEntity } from './__testUtils__/fakes';
import { BASE, startBackend } from './__testUtils__/startBackend';

jest.setTimeout(60_000);

describe('bringing an existing model', () => {
  const system = new FakeSystem();
  let backend: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    system.versions = [fakeVersion(1)];
    backend = await startBackend({ system, entities: [modelEntity()] });
  });
  afterAll(() => backend.stop());
  beforeEach(() => {
    system.failing = undefined;
  });

  const choice = {
    name: 'churn',
    owner: 'group:default/growth',
    pipelines: { provider: 'fake', repository: 'churn' },
    versions: { provider: 'fake', name: 'churn' },
    environments: {
      names: ['staging', 'production'],
      target: { provider: 'fake' },
    },
    monitors: 'fake',
  };
  const post = (path: string, body: object) =>
    backend.api.post(`${BASE}/onboarding/${path}`).send(body);
  const statuses = (findings: { what: string; status: string }[]) =>
    Object.fromEntries(findings.map(f => [f.what, f.status]));

  it('offers what a source has', async () => {
    const { body } = await backend.api.get(
      `${BASE}/sources/versions:fake/candidates?q=chu`,
    );
    expect(body.items).toMatchObject([{ target: { name: 'churn' } }]);
  });

  it('says what was found, what is missing and how to get it', async () => {
    const { body } = await post('preview', choice);
    expect(statuses(body.findings)).toEqual({
      pipelines: 'none',
      contract: 'none',
      versions: 'found',
      monitors: 'found',
      catalog: 'none',
    });
    const helpless = body.findings.filter(
      (f: { what: string; status: string; remedy: string | null }) =>
        f.status === 'none' && f.what !== 'catalog' && !f.remedy,
    );
    expect(helpless).toEqual([]);
    expect(parse(body.entityFile)).toMatchObject({
      kind: 'MLModel',
      metadata: { name: 'churn' },
      spec: {
        environments: [
          { name: 'staging' },
          { name: 'production', after: 'staging' },
        ],
        monitors: [
          { name: 'latency-p95-staging', environment: 'staging' },
          { name: 'latency-p95-production', environment: 'production' },
        ],
      },
    });
  });

  it('tells of what is not chosen and of what fails, and of the rest all the same', async () => {
    system.failing = new ProviderError('forbidden', 'No rights to read runs.');
    const { body } = await post('preview', {
      ...choice,
      versions: undefined,
      environments: undefined,
    });
    expect(statuses(body.findings)).toMatchObject({
      pipelines: 'failed',
      versions: 'not-configured',
      deployments: 'not-configured',
      monitors: 'not-configured',
    });
    expect(JSON.stringify(body.findings)).toContain('No rights to read runs.');
  });

  it('proposes the file to the repository', async () => {
    const { body } = await post('pull-request', choice);
    expect(body).toEqual({ url: 'https://example.com/pull/1' });
    expect(system.proposed).toMatchObject([
      {
        path: 'catalog-info.yaml',
        content: expect.stringContaining('kind: MLModel'),
      },
    ]);
  });

  it('registers it for the catalog, and no second one of the name', async () => {
    const { body } = await post('models', choice);
    expect(body).toEqual({ entityRef: 'mlmodel:default/churn' });
    const taken = await post('models', { ...choice, name: 'penguin-species' });
    expect(taken.status).toBe(409);
    expect(taken.body.error.message).toContain('in the catalog already');
  });

  it('says which field is wrong', async () => {
    const { status, body } = await post('models', { ...choice, owner: 'a b' });
    expect(status).toBe(400);
    expect(body.error.message).toContain('body.owner is "a b"');
  });

  it('tests a source and tells how it went', async () => {
    const path = `${BASE}/sources/versions:fake/test`;
    expect((await backend.api.post(path)).body).toMatchObject({
      ok: true,
      message: 'It answers.',
    });
    system.tested = new ProviderError('unauthorized', 'Wrong token.');
    expect((await backend.api.post(path)).body).toMatchObject({
      ok: false,
      kind: 'unauthorized',
      message: 'Wrong token.',
    });
    const { body } = await backend.api.get(`${BASE}/sources`);
    expect(body.items).toContainEqual(
      expect.objectContaining({
        id: 'versions:fake',
        installed: true,
        testable: true,
        offersCandidates: true,
        models: 1,
      }),
    );
    const missing = await backend.api.post(`${BASE}/sources/versions:no/test`);
    expect(missing.status).toBe(404);
  });
});
