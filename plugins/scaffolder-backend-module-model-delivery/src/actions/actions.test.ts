import fs from 'node:fs/promises';
import path from 'node:path';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { createPrepareDataAction } from './prepareData';
import { createPublishProjectAction } from './publishProject';
import { createWaitForModelAction } from './waitForModel';

const directory = createMockDirectory();
const workspacePath = directory.path;
beforeEach(() => directory.clear());

describe('model-delivery:data:prepare', () => {
  const input = {
    name: 'flowers',
    url: 'https://elsewhere.example/flowers.csv',
    target: 'kind',
    task: 'classification' as const,
    licence: 'CC0',
  };
  const readUrl = jest.fn();
  const action = createPrepareDataAction({
    reader: mockServices.urlReader.mock({ readUrl }),
  });

  it('writes training data, holdout and schema, and says which metric fits', async () => {
    const rows = Array.from(
      { length: 80 },
      (_, i) => `${(i * 37) % 101},${'ab'[i % 2]}`,
    );
    readUrl.mockResolvedValue({
      buffer: async () => Buffer.from(['x,kind', ...rows].join('\n')),
    });
    const context = createMockActionContext({ input, workspacePath });
    await action.handler(context as any);
    expect(context.output).toHaveBeenCalledWith('primaryMetric', 'accuracy');
    expect((await fs.readdir(path.join(workspacePath, 'data'))).sort()).toEqual(
      ['SOURCE.md', 'holdout.csv', 'schema.json', 'train.csv'],
    );
  });

  it('names the setting where the host is not allowed', async () => {
    readUrl.mockRejectedValue(new NotAllowedError('Reading is not allowed'));
    const context = createMockActionContext({ input, workspacePath });
    await expect(action.handler(context as any)).rejects.toThrow(
      'https://elsewhere.example/flowers.csv may not be read: name its host in backend.reading.allow',
    );
  });
});

describe('model-delivery:project:publish', () => {
  // Made after the network is stood in for: its client keeps what it is given.
  const action = () =>
    createPublishProjectAction({
      auth: mockServices.auth(),
      discovery: mockServices.discovery(),
    });
  const input = { name: 'house-rent', host: 'local' };
  const answer = {
    name: 'house-rent',
    cloneUrl: '/repositories/house-rent.git',
    commit: 'a'.repeat(40),
    entityRef: 'mlmodel:default/house-rent',
  };
  afterEach(() => jest.restoreAllMocks());

  it('sends every file once, under a key that a task run again repeats', async () => {
    directory.setContent({
      '.gitignore': 'data',
      data: { 'train.csv': 'x\n' },
      'model.toml': 'contract = "1"\n',
    });
    const fetch = jest
      .spyOn(global, 'fetch')
      .mockImplementation(async () => Response.json(answer));
    const context = createMockActionContext({ input, workspacePath });
    await action().handler(context as any);
    const [url, init] = fetch.mock.calls[0];
    expect(String(url)).toMatch(/\/api\/model-delivery\/v1\/projects$/);
    const body = JSON.parse(String(init?.body));
    expect(
      Object.fromEntries(
        body.files.map((f: { path: string; content: string }) => [
          f.path,
          Buffer.from(f.content, 'base64').toString(),
        ]),
      ),
    ).toEqual({
      '.gitignore': 'data',
      'data/train.csv': 'x\n',
      'model.toml': 'contract = "1"\n',
    });
    expect(init?.headers).toMatchObject({
      'idempotency-key': `${context.task.id}:house-rent`,
    });
    expect(context.output).toHaveBeenCalledWith('entityRef', answer.entityRef);
  });

  it('fails with the sentence of the answer, without a stack', async () => {
    jest.spyOn(global, 'fetch').mockImplementation(async () =>
      Response.json(
        {
          error: { name: 'ConflictError', message: 'The name is taken.' },
          response: { statusCode: 409 },
        },
        { status: 409, statusText: 'Conflict' },
      ),
    );
    const context = createMockActionContext({ input, workspacePath });
    const error = await action()
      .handler(context as any)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).toBe('The name is taken.');
    expect(error?.stack).toBe('The name is taken.');
  });

  it('publishes nothing in a dry run', async () => {
    const fetch = jest.spyOn(global, 'fetch');
    const context = createMockActionContext({ input, workspacePath });
    await action().handler({ ...context, isDryRun: true } as any);
    expect(fetch).not.toHaveBeenCalled();
    expect(context.output).toHaveBeenCalledWith('cloneUrl', 'house-rent.git');
  });
});

describe('model-delivery:catalog:wait', () => {
  const entityRef = 'mlmodel:default/house-rent';
  const model = {
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name: 'house-rent', namespace: 'default' },
  };

  it('ends as soon as the model is there', async () => {
    const context = createMockActionContext({
      input: { entityRef, timeoutSeconds: 60 },
      workspacePath,
    });
    const catalog = catalogServiceMock({ entities: [model] });
    await createWaitForModelAction({ catalog }).handler(context as any);
    expect(context.output).toHaveBeenCalledWith('entityRef', entityRef);
  });

  it('waits for the declared time also where the input names none', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const context = createMockActionContext({
      input: { entityRef },
      workspacePath,
    });
    const catalog = catalogServiceMock({ entities: [] });
    const failure = createWaitForModelAction({ catalog })
      .handler(context as any)
      .catch((error: Error) => error.message);
    await jest.advanceTimersByTimeAsync(121_000);
    expect(await failure).toContain('was not in the catalog after 120 s');
    jest.useRealTimers();
  });

  it('says where to look when the model never comes', async () => {
    const context = createMockActionContext({
      input: { entityRef, timeoutSeconds: 1 },
      workspacePath,
    });
    const catalog = catalogServiceMock({ entities: [] });
    await expect(
      createWaitForModelAction({ catalog }).handler(context as any),
    ).rejects.toThrow('the log of the catalog names the reason');
  });
});
