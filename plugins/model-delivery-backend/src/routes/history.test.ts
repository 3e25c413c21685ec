import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe('the history of a model', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const denied = new Set<string>();

  beforeAll(async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    backend = await startBackend({
      system,
      entities: [modelEntity()],
      features: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result: denied.has(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
            })),
        }).factory,
      ],
    });
    await until(
      async () =>
        (await backend.api.get(`${MODEL}/versions/0.1.0`)).status === 200,
    );
  });
  afterAll(() => backend.stop());
  beforeEach(() => denied.clear());

  const post = (path: string, body: object, requestId: string) =>
    backend.api
      .post(`${MODEL}${path}`)
      .set('x-request-id', requestId)
      .send(body);
  const entriesOf = async (requestId: string) => {
    const { body } = await backend.api
      .get(`${MODEL}/audit`)
      .query({ limit: 100 })
      .expect(200);
    return body.items.filter(
      (item: { requestId: string }) => item.requestId === requestId,
    );
  };
  const order = { environment: 'production', version: '0.1.0', reason: '=1+1' };

  it('has a request and its effect under one id, which the answer names', async () => {
    const answer = await post('/deployments', order, 'r-allowed').expect(200);
    expect(answer.headers['x-request-id']).toBe('r-allowed');
    expect(await entriesOf('r-allowed')).toEqual([
      expect.objectContaining({
        what: 'deploy blocked',
        outcome: 'done',
        deploymentId: answer.body.id,
      }),
      expect.objectContaining({
        what: 'createDeployment',
        outcome: 'asked',
        by: 'user:default/mock',
        to: '0.1.0',
        reason: '=1+1',
      }),
    ]);
  });

  it('has a denial with the permission', async () => {
    denied.add('model-delivery.deployment.create');
    await post('/deployments', order, 'r-denied').expect(403);
    expect(await entriesOf('r-denied')).toEqual([
      expect.objectContaining({
        what: 'createDeployment',
        outcome: 'denied',
        environment: 'production',
        message: expect.stringContaining('model-delivery.deployment.create'),
      }),
    ]);
  });

  it('has the attempt of a person from whom the model is hidden', async () => {
    denied.add('model-delivery.read');
    await post(
      '/environments/staging/rollback',
      { reason: 'R' },
      'r-hidden',
    ).expect(404);
    denied.clear();
    expect(await entriesOf('r-hidden')).toEqual([
      expect.objectContaining({ what: 'rollback', outcome: 'denied' }),
    ]);
  });

  it('has nothing of a request that changes nothing', async () => {
    await post('/refresh', {}, 'r-refresh').expect(200);
    expect(await entriesOf('r-refresh')).toEqual([]);
  });

  it('is exported as lines and as a table that no spreadsheet executes', async () => {
    const { text } = await backend.api
      .get(`${MODEL}/audit/export`)
      .expect(200)
      .expect('content-type', /text\/plain/);
    const seqs = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    const rest = await backend.api
      .get(`${MODEL}/audit/export`)
      .query({ after: seqs.length - 1 });
    expect(rest.text.trim().split('\n')).toHaveLength(1);
    const csv = await backend.api
      .get(`${MODEL}/audit/export`)
      .query({ format: 'csv' });
    expect(csv.text).toContain("'=1+1");
    expect(csv.text).not.toContain(',=1+1');
  });

  it('is verified on request, which is no part of it', async () => {
    const audit = () =>
      backend.api.get(`${MODEL}/audit`).query({ limit: 1 }).expect(200);
    const { body: before } = await audit();
    expect(before.check).toBeNull();
    const { body: check } = await backend.api
      .post(`${MODEL}/audit/verify`)
      .expect(200);
    expect(check).toEqual({
      at: expect.any(String),
      entries: before.head.seq,
      problem: null,
    });
    const { body: after } = await audit();
    expect(after.check).toEqual(check);
    expect(after.head).toEqual(before.head);
    denied.add('model-delivery.read');
    await backend.api.post(`${MODEL}/audit/verify`).expect(404);
  });

  it('is given in pages', async () => {
    const page = (query: object) =>
      backend.api.get(`${MODEL}/audit`).query(query).expect(200);
    const { body: first } = await page({ limit: 1 });
    expect(first.items[0].seq).toBe(first.head.seq);
    const { body: next } = await page({ limit: 1, cursor: first.nextCursor });
    expect(next.items[0].seq).toBe(first.head.seq - 1);
  });
});
