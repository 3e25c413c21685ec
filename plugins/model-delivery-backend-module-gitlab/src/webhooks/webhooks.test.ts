import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';
import { startEvents } from '../__testUtils__/eventsBackend';
import { subscribeToWebhooks } from './subscribe';

jest.setTimeout(60_000);

const project = {
  id: 1,
  web_url: 'https://gitlab.com/Acme/research/penguins',
  path_with_namespace: 'Acme/research/penguins',
};
/** The fields of GitLab's documented payloads that tell one from another. */
const PAYLOADS = {
  pipeline: (status: string) => ({
    object_kind: 'pipeline',
    object_attributes: { id: 31, iid: 3, ref: 'main', status },
    project,
  }),
  build: (status: string) => ({
    object_kind: 'build',
    build_id: 1977,
    build_name: 'train',
    build_status: status,
    project,
  }),
  deployment: (status: string) => ({
    object_kind: 'deployment',
    status,
    deployment_id: 15,
    environment: 'production',
    project,
  }),
};

async function start(configured?: string) {
  const heard: Hint[] = [];
  const backend = await startEvents(
    async events =>
      subscribeToWebhooks(events, [
        {
          host: 'gitlab.com',
          subjectHost: 'gitlab.com',
          hear: hint => heard.push(hint),
        },
      ]),
    configured,
  );
  return { ...backend, heard };
}

describe('webhooks of GitLab', () => {
  let events: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    events = await start();
  });
  afterAll(() => events.stop());
  beforeEach(() => {
    events.heard.length = 0;
  });

  it.each([
    ['pipeline', 'running', 'runs', false],
    ['pipeline', 'success', 'runs', true],
    ['pipeline', 'manual', 'runs', true],
    ['build', 'running', 'runs', false],
    ['build', 'manual', 'runs', true],
    ['deployment', 'running', 'deployments', false],
    ['deployment', 'success', 'deployments', true],
    ['deployment', 'blocked', 'deployments', true],
    ['pipeline', 'a status of next year', 'runs', false],
  ] as const)(
    '%s (%s) says which project to look at',
    async (kind, status, what, urgent) => {
      expect(await events.send(PAYLOADS[kind](status))).toBe(202);
      expect(events.heard).toEqual([
        { subject: 'gitlab.com/acme/research/penguins', what, urgent },
      ]);
    },
  );

  it('without our secret has no effect', async () => {
    const status = await events.send(PAYLOADS.pipeline('success'), {
      secret: 'a-guess',
    });
    expect(status).toBe(403);
    expect(events.heard).toEqual([]);
  });

  it('that comes twice is one hint', async () => {
    for (let i = 0; i < 2; i += 1) {
      await events.send(PAYLOADS.pipeline('success'), { delivery: 'twice' });
    }
    expect(events.heard).toHaveLength(1);
  });

  it.each([
    ['nothing of a project', { object_kind: 'pipeline' }],
    ['another kind', { object_kind: 'issue', project }],
    [
      'a project of another shape',
      { object_kind: 'build', project: { ...project, path_with_namespace: 7 } },
    ],
    [
      'an address that is none',
      { object_kind: 'build', project: { ...project, web_url: 'nowhere' } },
    ],
    [
      'a project of a host that is not followed',
      {
        object_kind: 'pipeline',
        project: { ...project, web_url: 'https://git.acme.example/a/b' },
      },
    ],
  ])('with %s is passed over', async (_, payload) => {
    expect(await events.send(payload)).toBe(202);
    expect(events.heard).toEqual([]);
  });

  it('are not taken at all without a secret of the configuration', async () => {
    const closed = await start('');
    expect(await closed.send(PAYLOADS.pipeline('success'))).toBe(404);
    expect(closed.heard).toEqual([]);
    await closed.stop();
  });
});
