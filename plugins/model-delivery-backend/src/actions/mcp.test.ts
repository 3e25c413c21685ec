import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
} from '@backstage/backend-defaults/alpha';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { tracingServiceMock } from '@backstage/backend-test-utils/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import mcpActions from '@backstage/plugin-mcp-actions-backend';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';
import { VERBS } from './verbs';

jest.setTimeout(60_000);

const model = 'mlmodel:default/penguin-species';

describe('the verbs as tools of an MCP client', () => {
  let system: FakeSystem;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let client: Client;
  const denied = new Set<string>();

  const live = async (environment: string) => {
    const { body } = await backend.api.get(MODEL);
    return body.environments?.find(
      (e: { name: string }) => e.name === environment,
    )?.live?.version;
  };

  beforeAll(async () => {
    system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    backend = await startBackend({
      system,
      entities: [modelEntity()],
      features: [
        mcpActions,
        actionsRegistryServiceFactory,
        actionsServiceFactory,
        tracingServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: { backend: { actions: { pluginSources: ['model-delivery'] } } },
        }),
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result: denied.has(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
        }).factory,
      ],
    });
    client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(
        new URL(`${backend.origin}/api/mcp-actions/v1`),
        {
          requestInit: {
            headers: { authorization: mockCredentials.user.header() },
          },
        },
      ),
    );
    await until(async () => (await live('staging')) === '0.1.0');
  });
  beforeEach(() => denied.clear());
  afterAll(async () => {
    await client.close();
    await backend.stop();
  });

  const tools = async () =>
    new Map((await client.listTools()).tools.map(tool => [tool.name, tool]));
  const call = async (verb: string, input: Record<string, unknown>) => {
    const name = [...(await tools()).keys()].find(known =>
      known.endsWith(verb),
    )!;
    const answer = await client.callTool({ name, arguments: input });
    const [{ text }] = answer.content as { text: string }[];
    return { failed: answer.isError === true, text };
  };

  it('are all offered, and those that can end something are marked', async () => {
    const offered = [...(await tools()).values()];
    expect(offered).toHaveLength(VERBS.length);
    const marked = offered
      .filter(tool => tool.annotations?.destructiveHint)
      .map(tool => tool.title ?? tool.annotations?.title);
    expect(marked).toContain('Roll back an environment');
    expect(marked).not.toContain('List models');
  });

  it('describe their input', async () => {
    const [deploy] = [...(await tools()).values()].filter(({ name }) =>
      name.endsWith('deploy'),
    );
    expect(deploy.inputSchema).toMatchObject({
      type: 'object',
      properties: {
        model: { type: 'string' },
        environment: { type: 'string' },
        version: { type: 'string' },
        reason: { type: 'string' },
      },
      required: ['model', 'environment', 'version', 'reason'],
    });
    const [start] = [...(await tools()).values()].filter(({ name }) =>
      name.endsWith('start-run'),
    );
    expect(start.inputSchema).toMatchObject({
      properties: { kind: { enum: ['training', 'evaluation'] } },
      required: ['model', 'kind', 'reason'],
    });
  });

  it('read what the pages read', async () => {
    const { failed, text } = await call('get-gates', {
      model,
      environment: 'production',
      version: '0.1.0',
    });
    expect(failed).toBe(false);
    expect(text).toContain('"environment":"production"');
  });

  it('deploy as the caller, to the end', async () => {
    const { text } = await call('deploy', {
      model,
      environment: 'production',
      version: '0.1.0',
      reason: 'Asked by an agent',
    });
    expect(text).toContain(mockCredentials.user().principal.userEntityRef);
    await until(async () => (await live('production')) === '0.1.0');
  });

  it('are refused where the permission is denied, with the sentence', async () => {
    denied.add('model-delivery.deployment.rollback');
    const { failed, text } = await call('roll-back', {
      model,
      environment: 'staging',
      reason: 'Not mine to do',
    });
    expect(failed).toBe(true);
    expect(text).toContain(
      `The permission model-delivery.deployment.rollback is denied for ${model}`,
    );
  });

  it('say which input is wrong', async () => {
    const { failed, text } = await call('get-model', { model: ':' });
    expect(failed).toBe(true);
    expect(text).toContain('":" is no entity reference');
    const hidden = await call('get-model', { model: 'mlmodel:default/none' });
    expect(hidden.text).toContain('There is no model default/none');
  });
});
