import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseModelEntitySpec } from '@slipway/plugin-model-delivery-common/schema';
import type {
  DiscoveredEntity,
  ProviderChange,
} from '@slipway/plugin-model-delivery-node';
import { MlflowApi } from '../api/MlflowApi';
import { MlflowServer, START_TIMEOUT_MS } from '../__testUtils__/mlflowServer';
import { context, providerOf, serverConfig } from '../__testUtils__/providers';
import { Seed } from '../__testUtils__/Seed';
import { Discovery } from './Discovery';

jest.setTimeout(START_TIMEOUT_MS);

const settings = { enabled: true, defaultOwner: 'ml-platform' };
const namesOf = (entities: DiscoveredEntity[]) =>
  entities.map(({ metadata }) => metadata.name);

describe('discovery in a real registry', () => {
  let server: MlflowServer;
  let seed: Seed;
  beforeAll(async () => {
    server = await MlflowServer.start();
    seed = new Seed(server.url);
    await seed.model('churn', { owner: 'group:default/growth' });
    await seed.model('fraud', {
      owner: 'not an owner!',
      system: 'payments',
      lifecycle: 'experimental',
      type: 'classification',
    });
    await seed.model('Émoji 🐧 model', {}, 'Knows penguins.');
    await seed.model('Churn');
    await seed.model('a-prompt', { 'mlflow.prompt.is_prompt': 'true' });
  });
  afterAll(() => server?.close());

  const discover = (discovery: object = {}) =>
    providerOf(server.url, { discovery: { ...settings, ...discovery } })
      .discover!(context);

  it('makes an entity of each model, which the catalog takes', async () => {
    const found = await discover({ namespace: 'models' });
    for (const { spec } of found) parseModelEntitySpec(spec);
    expect(found).toMatchObject([
      {
        kind: 'MLModel',
        metadata: { name: 'churn-2b58f510', title: 'Churn' },
        spec: { versions: { provider: 'mlflow', name: 'Churn' } },
      },
      {
        metadata: { name: 'churn', namespace: 'models' },
        spec: {
          owner: 'group:default/growth',
          lifecycle: 'production',
          type: 'model',
        },
      },
      {
        metadata: { name: 'fraud' },
        spec: {
          owner: 'ml-platform',
          system: 'payments',
          lifecycle: 'experimental',
          type: 'classification',
        },
      },
      {
        metadata: {
          name: expect.stringMatching(/^emoji-model-[0-9a-f]{8}$/),
          title: 'Émoji 🐧 model',
          description: 'Knows penguins.',
        },
        spec: { versions: { name: 'Émoji 🐧 model' } },
      },
    ]);
    expect(await discover({ namespace: 'models' })).toEqual(found);
  });

  it('takes what the filter lets through', async () => {
    expect(
      namesOf(await discover({ filter: "tags.system = 'payments'" })),
    ).toEqual(['fraud']);
    await expect(discover({ filter: 'name >>> 3' })).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('MLflow says: '),
    });
  });

  it('is off unless it is enabled', () => {
    expect(providerOf(server.url).discover).toBeUndefined();
  });

  it('sees new models at once and deleted ones when it lists all again', async () => {
    const config = serverConfig(server.url, { discovery: settings });
    let now = Date.now();
    const updated: string[] = [];
    const discovery = new Discovery({
      api: new MlflowApi(config),
      server: config,
      onUpdated: name => updated.push(name),
      now: () => now,
    });
    const read = async () => namesOf(await discovery.entities(context.signal));
    await seed.model('passing');
    expect(await read()).toContain('passing');
    expect(updated).toEqual([]);

    await seed.version('churn');
    await seed.model('new');
    expect(await read()).toContain('new');
    expect(updated.sort()).toEqual(['churn', 'new']);
    await read();
    expect(updated).toHaveLength(2);

    await seed.post('registered-models/delete', { name: 'passing' }, 'DELETE');
    expect(await read()).toContain('passing');
    now += 10 * 60_000;
    expect(await read()).not.toContain('passing');
  });

  it('says of what a model could be made, the best match first', async () => {
    const provider = providerOf(server.url, { discovery: settings });
    const found = await provider.candidates!('CHUR', context);
    expect(found.map(({ title }) => title)).toEqual(['Churn', 'churn']);
    expect(found[1]).toEqual({
      target: { provider: 'mlflow', name: 'churn' },
      title: 'churn',
      description: null,
      url: `${server.url}/#/models/churn`,
      suggests: { name: 'churn', owner: 'group:default/growth' },
    });
    expect(await provider.candidates!(`no'such"%`, context)).toEqual([]);
    expect((await provider.candidates!('', context)).length).toBeGreaterThan(3);
  });

  it('suggests no owner where nobody said one', async () => {
    const [{ suggests }] = await providerOf(server.url).candidates!(
      'fraud',
      context,
    );
    expect(suggests).toEqual({ name: 'fraud' });
  });
});

describe('discovery in a registry that misbehaves', () => {
  let answers: object[];
  let asked: URL[];
  let server: http.Server;
  let url: string;
  beforeAll(async () => {
    server = http.createServer((request, response) => {
      asked.push(new URL(request.url!, url));
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  const model = (name: string, updated = 1) => ({
    name,
    creation_timestamp: 1,
    last_updated_timestamp: updated,
  });
  const page = (names: string[], next?: string) => ({
    ...(names.length > 0 && {
      registered_models: names.map(name => model(name)),
    }),
    ...(next && { next_page_token: next }),
  });
  const discoveryOf = (now: () => number, report: ProviderChange[] = []) => {
    const config = serverConfig(url, { discovery: settings });
    return new Discovery({
      api: new MlflowApi(config),
      server: config,
      onUpdated: name =>
        report.push({
          provider: 'mlflow',
          model: null,
          subject: name,
          what: 'versions',
        }),
      now,
    });
  };

  it('ends where it names a next page without rows for ever', async () => {
    answers = [page([], 'again')];
    await expect(
      discoveryOf(() => 0).entities(context.signal),
    ).rejects.toMatchObject({ kind: 'bad-data' });
    expect(asked).toHaveLength(1);
    expect(Number(asked[0].searchParams.get('max_results'))).toBeGreaterThan(0);
  });

  it('ends where it names the same next page for ever', async () => {
    answers = [page(['a'], 'again')];
    await expect(
      discoveryOf(() => 0).entities(context.signal),
    ).rejects.toMatchObject({ kind: 'bad-data' });
    expect(asked).toHaveLength(2);
  });

  it('counts a model once that moved between two pages', async () => {
    answers = [page(['a', 'b'], 'two'), page(['b', 'c'])];
    const found = await discoveryOf(() => 0).entities(context.signal);
    expect(namesOf(found)).toEqual(['a', 'b', 'c']);
  });

  it('is an error, not a removal, where all models are gone at once', async () => {
    let now = 0;
    const discovery = discoveryOf(() => now);
    answers = [page(['a', 'b', 'c'])];
    await discovery.entities(context.signal);
    answers = [{}];
    now += 10 * 60_000;
    await expect(discovery.entities(context.signal)).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringMatching(/names no registered model, where 3/),
    });
    answers = [page(['a', 'b', 'c'])];
    expect(namesOf(await discovery.entities(context.signal))).toHaveLength(3);
  });

  it('keeps what it knows where there is no news', async () => {
    const discovery = discoveryOf(() => 0);
    answers = [page(['a', 'b'])];
    await discovery.entities(context.signal);
    answers = [{}];
    expect(namesOf(await discovery.entities(context.signal))).toEqual([
      'a',
      'b',
    ]);
    expect(asked.at(-1)!.searchParams.get('order_by')).toBe(
      'last_updated_timestamp DESC',
    );
  });

  it('reads no further than what it knows already', async () => {
    const report: ProviderChange[] = [];
    const discovery = discoveryOf(() => 0, report);
    answers = [{ registered_models: [model('a', 5_000_000)] }];
    await discovery.entities(context.signal);
    answers = [
      {
        registered_models: [model('b', 6_000_000), model('old', 1)],
        next_page_token: 'more',
      },
    ];
    await discovery.entities(context.signal);
    expect(asked).toHaveLength(2);
    expect(report.map(({ subject }) => subject)).toEqual(['b', 'old']);
  });
});
