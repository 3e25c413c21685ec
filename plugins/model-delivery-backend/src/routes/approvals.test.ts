import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  type BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Entity } from '@backstage/catalog-model';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { BASE, MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const REVIEWERS = 'group:default/ml-reviewers';
const GROUPS: Record<string, string[]> = {
  ada: ['group:default/ml-platform', REVIEWERS],
  jonas: [REVIEWERS],
  mei: [REVIEWERS],
  kim: ['group:default/product'],
};

/** Whose groups are known, as the auth backend tells them. */
const userInfo = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => ({
    async getUserInfo(credentials) {
      const { userEntityRef } = credentials.principal as {
        userEntityRef: string;
      };
      const name = userEntityRef.split('/')[1];
      return {
        userEntityRef,
        ownershipEntityRefs: [userEntityRef, ...(GROUPS[name] ?? [])],
      };
    },
  }),
});

function asking(): Entity {
  const entity = modelEntity();
  const spec = entity.spec as { environments: Record<string, unknown>[] };
  spec.environments[1].approvals = { required: 1, from: ['ml-reviewers'] };
  return entity;
}

describe('the routes of approvals', () => {
  let system: FakeSystem;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const denied = new Set<string>();
  let hidden = false;
  const audit: { eventId: string; by?: string; why?: string }[] = [];
  const features: BackendFeature[] = [
    userInfo,
    mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(({ permission }) => ({
          result: denied.has(permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
      authorizeConditional: async requests =>
        requests.map(() =>
          hidden
            ? {
                result: AuthorizeResult.CONDITIONAL,
                pluginId: 'catalog',
                resourceType: 'catalog-entity',
                conditions: {
                  rule: 'IS_ENTITY_OWNER',
                  resourceType: 'catalog-entity',
                  params: { claims: ['group:default/nobody'] },
                },
              }
            : { result: AuthorizeResult.ALLOW },
        ),
    }).factory,
    mockServices.auditor.mock({
      createEvent: async ({ eventId, meta }) => ({
        success: async () => {},
        fail: async ({ meta: more }) => {
          audit.push({ eventId, ...meta, ...more });
        },
      }),
    }).factory,
  ];
  const as = (name: string) =>
    mockCredentials.user.header(`user:default/${name}`);
  const post = (name: string, path: string, body: object = {}) =>
    backend.api
      .post(`${MODEL}${path}`)
      .set('authorization', as(name))
      .send(body);
  const request = () =>
    post('ada', '/deployments', {
      environment: 'production',
      version: '0.1.0',
      reason: 'It is better',
    });
  const shown = async (name: string, id: string) =>
    (
      await backend.api
        .get(`${MODEL}/deployments/${id}`)
        .set('authorization', as(name))
        .expect(200)
    ).body;
  const waitingFor = async (name: string) =>
    (
      await backend.api
        .get(`${BASE}/approvals`)
        .set('authorization', as(name))
        .expect(200)
    ).body.items;

  beforeEach(async () => {
    denied.clear();
    hidden = false;
    audit.length = 0;
    system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    backend = await startBackend({ system, entities: [asking()], features });
    await until(async () => {
      const { environments } = (await backend.api.get(MODEL)).body;
      return environments?.[0]?.live?.version === '0.1.0';
    });
  });
  afterEach(() => backend.stop());

  it('lets another person approve, and shows who is asked and how they were notified', async () => {
    const { body } = await request().expect(200);
    expect(body).toMatchObject({
      state: 'waiting',
      waits: [
        {
          kind: 'approvals',
          message: 'Waits for an approval of ml-reviewers.',
        },
      ],
      approval: {
        required: 1,
        from: [REVIEWERS],
        decisions: [],
        callerProblem: expect.stringContaining('nobody decides on a request'),
      },
    });
    await until(
      async () => (await shown('jonas', body.id)).approval.notices.length > 0,
    );
    const { approval } = await shown('jonas', body.id);
    expect(approval).toMatchObject({
      callerProblem: null,
      notices: [
        {
          state: 'waiting',
          recipients: [REVIEWERS],
          problem: expect.stringContaining('not installed'),
        },
      ],
    });
    const { body: approved } = await post(
      'jonas',
      `/deployments/${body.id}/approve`,
      { gateHash: approval.gateHash },
    ).expect(200);
    expect(approved.approval.decisions).toMatchObject([
      { by: 'user:default/jonas', decision: 'approve', lapsed: null },
    ]);
    await until(async () => (await shown('kim', body.id)).state === 'live');
    const { events } = await shown('kim', body.id);
    expect(events.map((e: { by: string }) => e.by)).toContain(
      'user:default/jonas',
    );
  });

  it('refuses the wrong person with 403, and audits why', async () => {
    const { body } = await request().expect(200);
    const answer = await post('kim', `/deployments/${body.id}/approve`).expect(
      403,
    );
    expect(answer.body.error.message).toBe(
      'kim belongs to none of the groups that are asked: ml-reviewers.',
    );
    await post('ada', `/deployments/${body.id}/approve`).expect(403);
    expect(audit).toEqual([
      expect.objectContaining({
        eventId: 'approveDeployment',
        by: 'user:default/kim',
        why: expect.stringContaining('belongs to none of the groups'),
      }),
      expect.objectContaining({
        by: 'user:default/ada',
        why: expect.stringContaining('nobody decides on a request'),
      }),
    ]);
  });

  it("refuses a service: a vote is a person's own", async () => {
    const { body } = await request().expect(200);
    const answer = await backend.api
      .post(`${MODEL}/deployments/${body.id}/approve`)
      .set('authorization', mockCredentials.service.header())
      .send({})
      .expect(403);
    expect(answer.body.error.message).toContain('A person decides');
  });

  it('has a permission of its own', async () => {
    const { body } = await request().expect(200);
    denied.add('model-delivery.deployment.approve');
    await post('jonas', `/deployments/${body.id}/approve`).expect(403);
    denied.clear();
    denied.add('model-delivery.deployment.create');
    await post('jonas', `/deployments/${body.id}/approve`).expect(200);
  });

  it('rejects with a reason, and never without', async () => {
    const { body } = await request().expect(200);
    const path = `/deployments/${body.id}/reject`;
    await post('jonas', path).expect(400);
    const { body: rejected } = await post('jonas', path, {
      reason: 'Wrong labels',
    }).expect(200);
    expect(rejected.state).toBe('rejected');
    await post('mei', `/deployments/${body.id}/approve`).expect(409);
  });

  it('lists what waits for the caller, and hides models that the caller may not see', async () => {
    const { body } = await request().expect(200);
    expect(await waitingFor('jonas')).toMatchObject([
      {
        model: { entityRef: 'mlmodel:default/penguin-species' },
        deployment: { id: body.id, reason: 'It is better' },
      },
    ]);
    expect(await waitingFor('kim')).toEqual([]);
    expect(await waitingFor('ada')).toEqual([]);
    hidden = true;
    expect(await waitingFor('jonas')).toEqual([]);
  });

  it('lets the requester withdraw, after which it is refused with 409', async () => {
    const { body } = await request().expect(200);
    await post('ada', `/deployments/${body.id}/cancel`).expect(200);
    const answer = await post(
      'jonas',
      `/deployments/${body.id}/approve`,
    ).expect(409);
    expect(answer.body.error.message).toContain('was withdrawn');
    expect(await waitingFor('jonas')).toEqual([]);
  });
});
