import {
  evidence as evidenceSchema,
  version as versionSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type { VersionProvider } from '@slipway/plugin-model-delivery-node';
import { archiveOf, filesOf, readAll } from './__testUtils__/bytes';
import { MlflowServer, START_TIMEOUT_MS } from './__testUtils__/mlflowServer';
import { context, modelTarget, providerOf } from './__testUtils__/providers';
import { manifestOf, Seed, sha256 } from './__testUtils__/Seed';

jest.setTimeout(START_TIMEOUT_MS);

const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const head = (kind: string, status = 'pass') => ({
  schema: `model-delivery/${kind}/v1`,
  status,
  created: '2025-01-01T00:00:00Z',
});

describe('a real registry', () => {
  let server: MlflowServer;
  let seed: Seed;
  let provider: VersionProvider;
  beforeAll(async () => {
    server = await MlflowServer.start();
    seed = new Seed(server.url);
    provider = providerOf(server.url, {
      externalUrl: 'https://mlflow.example.com/registry/',
    });
  });
  afterAll(() => server?.close());

  const get = (name: string, version = '1') =>
    provider.getVersion(modelTarget(name), version, context);
  const list = async (name: string) =>
    (await provider.listVersions(modelTarget(name), { limit: 100 }, context))
      .items;
  const failure = (asked: Promise<unknown>) =>
    asked.then(
      () => {
        throw new Error('It did not fail');
      },
      error => error,
    );

  describe('versions', () => {
    it('tells what run, model and tags say of one', async () => {
      await seed.model('penguins');
      const run = await seed.run({
        metrics: { accuracy: 0.97, log_loss: 0.1 },
        params: { depth: 7, lr: '0.01' },
        tags: { 'mlflow.source.git.commit': COMMIT, 'mlflow.user': 'ada' },
        datasets: [
          { name: 'holdout', digest: 'ffff', context: 'testing' },
          { name: 'palmer', digest: '3f2a', rows: 344, context: 'training' },
        ],
      });
      await seed.version('penguins', {
        runId: run.id,
        description: 'The first',
        tags: { 'slipway.run': 'run-7', 'slipway.digest': sha256('x') },
      });
      await seed.post('registered-models/alias', {
        name: 'penguins',
        alias: 'champion',
        version: '1',
      });
      const [found] = await list('penguins');
      expect(versionSchema.omit({ liveIn: true }).parse(found)).toEqual({
        version: '1',
        status: 'registered',
        reasons: [],
        commit: COMMIT,
        commitMessage: null,
        author: 'ada',
        createdAt: expect.stringMatching(/^20.*Z$/),
        digest: sha256('x'),
        artifactUri: `mlflow-artifacts:/${run.artifacts}/model`,
        datasetDigest: '3f2a',
        datasetName: 'palmer',
        datasetRows: 344,
        sizeBytes: null,
        metrics: [
          expect.objectContaining({
            name: 'accuracy',
            value: 0.97,
            direction: 'max',
          }),
          expect.objectContaining({ name: 'log_loss', direction: 'min' }),
        ],
        params: { depth: '7', lr: '0.01' },
        aliases: ['champion'],
        runId: 'run-7',
        hasCard: true,
        url: 'https://mlflow.example.com/registry/#/models/penguins/versions/1',
      });
    });

    it('takes no number for what is not finite', async () => {
      await seed.model('not-finite');
      const run = await seed.run({
        metrics: { nan: 'NaN', inf: 'Infinity', ninf: '-Infinity', zero: 0 },
      });
      await seed.version('not-finite', { runId: run.id });
      const { metrics } = await get('not-finite');
      expect(Object.fromEntries(metrics.map(m => [m.name, m.value]))).toEqual({
        nan: null,
        inf: null,
        ninf: null,
        zero: 0,
      });
    });

    it('knows nothing of what a version without a run does not say', async () => {
      await seed.model('bare');
      await seed.version('bare');
      expect(await get('bare')).toMatchObject({
        commit: null,
        digest: null,
        artifactUri: 's3://bucket/x',
        metrics: [],
        params: {},
        datasetDigest: null,
        hasCard: false,
        runId: null,
      });
      expect(
        await provider.getEvidence(modelTarget('bare'), '1', context),
      ).toEqual([]);
      expect(
        await provider.getCard(modelTarget('bare'), '1', context),
      ).toBeNull();
    });

    it('takes a digest that is none for not registered', async () => {
      await seed.model('bad-digest');
      await seed.version('bad-digest', {
        tags: { 'slipway.digest': 'md5:123' },
      });
      expect((await get('bad-digest')).digest).toBeNull();
    });

    it.each([
      "it's",
      'say "hi"',
      `both ' and " quotes`,
      'émoji 🐧 of 50% _',
      "a' OR name != 'b",
      'back\\slash',
    ])('finds the versions of %s and of no other', async name => {
      await seed.model(name);
      await seed.version(name);
      await seed.version(name);
      expect((await list(name)).map(v => v.version)).toEqual(['2', '1']);
      const first = await provider.listVersions(
        modelTarget(name),
        { limit: 1 },
        context,
      );
      const second = await provider.listVersions(
        modelTarget(name),
        { limit: 1, cursor: first.nextCursor },
        context,
      );
      expect(second.items.map(v => v.version)).toEqual(['1']);
    });

    it('tells names apart that a pattern cannot', async () => {
      const name = `one'of"two`;
      const other = `one-of"two`;
      await seed.model(name);
      await seed.model(other);
      for (let i = 0; i < 4; i += 1) await seed.version(other);
      await seed.version(name);
      expect(await list(name)).toHaveLength(1);
    });

    it('reads runs of several experiments in a page, again and again', async () => {
      await seed.model('wandering');
      const make = async (n: number) => {
        const run = await seed.run({
          experiment: await seed.newExperiment(`wandering-${n}`),
          metrics: { n },
        });
        await seed.version('wandering', { runId: run.id });
      };
      const values = async () =>
        (await list('wandering')).map(({ metrics }) => metrics[0].value);
      for (const n of [1, 2, 3, 4, 5]) await make(n);
      expect(await values()).toEqual([5, 4, 3, 2, 1]);
      expect(await values()).toEqual([5, 4, 3, 2, 1]);
      await make(6);
      expect(await values()).toEqual([6, 5, 4, 3, 2, 1]);
    });

    it('keeps what a deleted run said, and lives without one that is gone', async () => {
      await seed.model('cleaned-up');
      const run = await seed.run({ metrics: { accuracy: 0.9 } });
      const gone = await seed.run({ metrics: { accuracy: 0.8 } });
      await seed.version('cleaned-up', { runId: run.id });
      await seed.version('cleaned-up', { runId: gone.id });
      await seed.post('runs/delete', { run_id: run.id });
      await server.runPython(
        `import sqlite3
c = sqlite3.connect('mlflow.db')
for table in ('metrics', 'latest_metrics', 'params', 'tags'):
    c.execute(f"delete from {table} where run_uuid = '${gone.id}'")
c.execute("delete from runs where run_uuid = '${gone.id}'")
c.commit()`,
      );
      const [newest, first] = await list('cleaned-up');
      expect(first.metrics).toHaveLength(1);
      expect(newest.metrics).toEqual([]);
    });

    it('does not let versions be delivered that are not registered', async () => {
      await seed.model('statuses');
      await seed.version('statuses');
      await seed.version('statuses');
      await seed.version('statuses', {
        tags: { 'slipway.status': 'rejected' },
      });
      await seed.version('statuses', {
        tags: {
          'slipway.status': 'rejected',
          'slipway.reasons': 'accuracy 0.91 < 0.92\n\nslice Torgersen fell',
        },
      });
      await server.runPython(
        `import sqlite3
c = sqlite3.connect('mlflow.db')
c.execute("update model_versions set status='PENDING_REGISTRATION' where name='statuses' and version=1")
c.execute("update model_versions set status='FAILED_REGISTRATION', status_message='copy failed' where name='statuses' and version=2")
c.commit()`,
      );
      expect(
        (await list('statuses')).map(({ status, reasons }) => [
          status,
          ...reasons,
        ]),
      ).toEqual([
        ['rejected', 'accuracy 0.91 < 0.92', 'slice Torgersen fell'],
        ['rejected', 'Its pipeline rejected it.'],
        ['rejected', 'MLflow could not register it: copy failed'],
        ['rejected', 'MLflow has not finished registering it.'],
      ]);
    });

    it('neither skips nor repeats any when some are registered meanwhile', async () => {
      await seed.model('busy');
      for (let i = 0; i < 6; i += 1) await seed.version('busy');
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await provider.listVersions(
          modelTarget('busy'),
          { limit: 2, cursor },
          context,
        );
        seen.push(...page.items.map(v => v.version));
        cursor = page.nextCursor;
        await seed.version('busy');
      } while (cursor);
      expect(seen).toEqual(['6', '5', '4', '3', '2', '1']);
    });

    it('says that a deleted or renamed model, and a deleted version, are missing', async () => {
      await seed.model('short-lived');
      await seed.version('short-lived');
      await seed.version('short-lived');
      await seed.post(
        'model-versions/delete',
        { name: 'short-lived', version: '2' },
        'DELETE',
      );
      expect((await failure(get('short-lived', '2'))).kind).toBe('not-found');
      expect((await list('short-lived')).map(v => v.version)).toEqual(['1']);
      await seed.post('registered-models/rename', {
        name: 'short-lived',
        new_name: 'long-lived',
      });
      expect((await failure(list('short-lived'))).kind).toBe('not-found');
      expect(await list('long-lived')).toHaveLength(1);
      await seed.post(
        'registered-models/delete',
        { name: 'long-lived' },
        'DELETE',
      );
      expect((await failure(list('long-lived'))).kind).toBe('not-found');
    });

    it.each(['abc', '0', '02', '99999999999999999999', '../1', '-1'])(
      'has no version %s',
      async version => {
        expect(await failure(get('penguins', version))).toMatchObject({
          kind: 'not-found',
        });
      },
    );
  });

  describe('what its own client logs', () => {
    it('is a version of a logged model, with files and signature', async () => {
      await server.runPython(`
import mlflow, numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from mlflow.models.signature import ModelSignature
from mlflow.types.schema import Schema, ColSpec, TensorSpec
X = pd.DataFrame({'length': [1., 2.], 'year': [1, 2]})
signature = ModelSignature(
    inputs=Schema([ColSpec('double', 'length'), ColSpec('long', 'year', required=False), ColSpec('string', 'island')]),
    outputs=Schema([TensorSpec(np.dtype('int64'), (-1,))]))
with mlflow.start_run():
    mlflow.log_metric('accuracy', 1.0)
    mlflow.log_input(mlflow.data.from_pandas(X, name='frame'), context='training')
    mlflow.sklearn.log_model(LogisticRegression().fit(X, [0, 1]), name='model',
        signature=signature, registered_model_name='by-client', pip_requirements=[])
`);
      const [found] = await list('by-client');
      expect(found).toMatchObject({
        artifactUri: expect.stringMatching(
          /^mlflow-artifacts:\/\d+\/models\/m-\w+\/artifacts$/,
        ),
        datasetName: 'frame',
        datasetDigest: expect.stringMatching(/^[0-9a-f]+$/),
        datasetRows: 2,
        metrics: [expect.objectContaining({ name: 'accuracy', value: 1 })],
      });
      expect(await get('by-client')).toEqual(found);
      expect(
        await provider.getSignature(modelTarget('by-client'), '1', context),
      ).toEqual({
        inputs: [
          { name: 'length', datatype: 'FP64', shape: [-1], kind: 'numeric' },
          {
            name: 'year',
            datatype: 'INT64',
            shape: [-1],
            kind: 'numeric',
            optional: true,
          },
          { name: 'island', datatype: 'BYTES', shape: [-1] },
        ],
        outputs: [
          { name: 'output', datatype: 'INT64', shape: [-1], kind: 'numeric' },
        ],
      });
    });

    it('keeps its run where only the logged model names it', async () => {
      const run = await seed.run({ metrics: { accuracy: 0.5 } });
      const { model } = await seed.post('logged-models', {
        experiment_id: await seed.experiment(),
        name: 'unlinked',
        source_run_id: run.id,
      });
      await seed.model('unlinked');
      await seed.version('unlinked', {
        source: `models:/${model.info.model_id}`,
        modelId: model.info.model_id,
      });
      expect(await get('unlinked')).toMatchObject({
        artifactUri: model.info.artifact_uri,
        metrics: [expect.objectContaining({ value: 0.5 })],
      });
    });

    it('is found where a version was made of another version', async () => {
      await seed.model('copied');
      const run = await seed.run({});
      await seed.version('copied', { runId: run.id });
      await seed.model('copy');
      await seed.version('copy', { source: 'models:/copied/1' });
      expect((await get('copy')).artifactUri).toContain(run.id);
    });
  });

  describe('reports and cards', () => {
    const model = modelTarget('reported');
    beforeAll(async () => {
      await seed.model('reported');
      const run = await seed.run({ metrics: { accuracy: 0.9 } });
      const reports = {
        'metrics.json': JSON.stringify({
          ...head('metrics'),
          metrics: [
            {
              name: 'accuracy',
              value: 0.9,
              unit: null,
              direction: 'max',
              ci: [0.88, 0.92],
              n: 100,
              split: 'holdout',
            },
          ],
        }),
        'junit/unit.xml':
          '<testsuites><testsuite><testcase name="a" time="0.5"/></testsuite></testsuites>',
        'evaluation.json': '{"broken"',
        'MODEL_CARD.md': '# Reported',
        'ignored.parquet': 'x',
      };
      for (const [name, content] of Object.entries(reports)) {
        await seed.upload(`${run.artifacts}/reports/${name}`, content);
      }
      await seed.version('reported', {
        runId: run.id,
        tags: { 'slipway.run': 'run-9' },
      });
    });

    it('become evidence, a broken one too', async () => {
      const found = await provider.getEvidence(model, '1', context);
      for (const item of found) evidenceSchema.parse(item);
      expect(
        found.map(({ kind, status, runId }) => [kind, status, runId]).sort(),
      ).toEqual([
        ['evaluation', 'error', 'run-9'],
        ['metrics', 'pass', 'run-9'],
        ['model-card', 'pass', 'run-9'],
        ['tests', 'pass', 'run-9'],
      ]);
      expect(found.find(({ kind }) => kind === 'metrics')).toMatchObject({
        metrics: [expect.objectContaining({ ci: [0.88, 0.92], n: 100 })],
      });
    });

    it('are too large to be read, and say so', async () => {
      const run = await seed.run({ metrics: { accuracy: 0.9 } });
      await seed.upload(
        `${run.artifacts}/reports/metrics.json`,
        Buffer.alloc(9 * 1024 * 1024, 32),
      );
      const version = await seed.version('reported', { runId: run.id });
      expect(await provider.getEvidence(model, version, context)).toEqual([
        expect.objectContaining({
          kind: 'metrics',
          status: 'error',
          summary: expect.stringContaining('9437184 bytes'),
        }),
      ]);
    });

    it('leave the metrics of the run where there are none', async () => {
      const run = await seed.run({
        metrics: { accuracy: 0.912345, lost: 'NaN' },
      });
      const version = await seed.version('reported', { runId: run.id });
      expect(await provider.getEvidence(model, version, context)).toEqual([
        expect.objectContaining({
          kind: 'metrics',
          summary: 'accuracy 0.912, lost is not known',
          runId: null,
        }),
      ]);
    });

    it('give the card, or else the description', async () => {
      expect(await provider.getCard(model, '1', context)).toBe('# Reported');
      const described = await seed.version('reported', {
        runId: (await seed.run()).id,
        description: 'Made by hand',
      });
      expect(await provider.getCard(model, described, context)).toBe(
        'Made by hand',
      );
    });

    it('cuts a card that nobody reads to its end', async () => {
      const run = await seed.run();
      await seed.upload(`${run.artifacts}/MODEL_CARD.md`, 'x'.repeat(600_000));
      const version = await seed.version('reported', { runId: run.id });
      const card = await provider.getCard(model, version, context);
      expect(card!.length).toBeLessThan(525_000);
      expect(card).toMatch(/The card is cut here/);
    });
  });

  describe('bundles', () => {
    const files = {
      'model/model.bin': 'the model',
      'model/signature.json': JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP64', shape: [-1] }],
        outputs: [],
      }),
      'requirements.lock': '',
    };
    const whole = { ...files, 'manifest.json': manifestOf(files) };
    const digest = sha256(manifestOf(files));
    const model = modelTarget('bundled');
    beforeAll(() => seed.model('bundled'));

    const versionWith = async (
      upload: (artifacts: string) => Promise<unknown>,
      tag: string | null = digest,
    ) => {
      const run = await seed.run();
      await upload(run.artifacts);
      return await seed.version('bundled', {
        runId: run.id,
        tags: tag ? { 'slipway.digest': tag } : {},
      });
    };
    const open = async (version: string) =>
      await filesOf(
        await readAll(
          (await provider.openBundle(model, version, context)).stream,
        ),
      );

    it.each([
      ['a folder', (a: string) => seed.bundle(a, files)],
      [
        'an archive beside the others',
        async (a: string) =>
          seed.upload(`${a}/model.tar.gz`, await archiveOf(whole)),
      ],
      [
        'an archive of the configured name',
        async (a: string) =>
          seed.upload(`${a}/bundle.tar.gz`, await archiveOf(whole)),
      ],
      [
        'an archive in the folder',
        async (a: string) =>
          seed.upload(`${a}/bundle/model.tar.gz`, await archiveOf(whole)),
      ],
      [
        "the version's own folder",
        (a: string) => seed.bundle(a, files, 'model'),
      ],
    ])('are found as %s', async (_, upload) => {
      const version = await versionWith(upload as never);
      expect(await provider.hasBundle(model, version, context)).toBe(true);
      expect(await open(version)).toEqual(whole);
    });

    it('are the same bytes each time they are packed', async () => {
      const version = await versionWith(a => seed.bundle(a, files));
      const read = async () =>
        sha256(
          await readAll(
            (await provider.openBundle(model, version, context)).stream,
          ),
        );
      expect(await read()).toBe(await read());
    });

    it('are missing where there is none', async () => {
      const version = await versionWith(async () => undefined);
      expect(await provider.hasBundle(model, version, context)).toBe(false);
      expect(
        await failure(provider.openBundle(model, version, context)),
      ).toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining('bundle.tar.gz'),
      });
    });

    it.each([
      [
        'another manifest than was registered',
        /manifest has the digest/,
        async (a: string) =>
          seed.bundle(a, { ...files, 'requirements.lock': 'numpy' }),
      ],
      [
        'a file that is not named',
        /does not name/,
        async (a: string) => {
          await seed.bundle(a, files);
          await seed.upload(`${a}/bundle/extra.py`, 'x');
        },
      ],
      [
        'another file than is named',
        /model\.bin is not what/,
        async (a: string) =>
          seed.upload(
            `${a}/model.tar.gz`,
            await archiveOf({ ...whole, 'model/model.bin': 'another' }),
          ),
      ],
      [
        'no manifest',
        /has no manifest\.json/,
        async (a: string) =>
          seed.upload(`${a}/bundle/model/model.bin`, 'the model'),
      ],
      [
        'bytes that are no archive',
        /cannot be used/,
        async (a: string) => seed.upload(`${a}/model.tar.gz`, 'no archive'),
      ],
    ])('are refused with %s', async (_, message, upload) => {
      const version = await versionWith(upload);
      expect(await failure(open(version))).toMatchObject({
        name: 'ProviderError',
        kind: 'bad-data',
        message: expect.stringMatching(message),
      });
    });

    it('are handed out as they are where nothing was registered of them', async () => {
      const version = await versionWith(
        a => seed.upload(`${a}/bundle/model.bin`, 'a model'),
        null,
      );
      expect(await open(version)).toEqual({ 'model.bin': 'a model' });
    });

    it('are not fetched from elsewhere, which is said with its fix', async () => {
      await seed.model('elsewhere');
      await seed.version('elsewhere');
      const target = modelTarget('elsewhere');
      expect(await provider.hasBundle(target, '1', context)).toBe(false);
      const error = await failure(provider.openBundle(target, '1', context));
      expect(error).toMatchObject({
        kind: 'unsupported',
        message: expect.stringMatching(/kept at s3:.*--serve-artifacts/),
      });
      expect(error.message).not.toContain('bucket');
      expect(await provider.getSignature(target, '1', context)).toBeNull();
    });

    it('end with an abort', async () => {
      const version = await versionWith(a => seed.bundle(a, files));
      const controller = new AbortController();
      const { stream } = await provider.openBundle(model, version, {
        signal: controller.signal,
      });
      controller.abort();
      await expect(readAll(stream)).rejects.toBeDefined();
    });

    it('declare the signature of a bundle before that of the model', async () => {
      const version = await versionWith(a => seed.bundle(a, files));
      expect(
        await provider.getSignature(model, version, context),
      ).toMatchObject({ inputs: [{ name: 'x' }] });
    });
  });

  describe('marks', () => {
    const model = modelTarget('marked');
    const mark = (alias: string, deploymentId = 'd1', chosen = provider) =>
      chosen.mark(
        model,
        { version: '1', alias, by: 'user:default/ada', deploymentId },
        context,
      );
    const tags = async () => {
      const { model_version: version } = await (
        await fetch(
          `${server.url}/api/2.0/mlflow/model-versions/get?name=marked&version=1`,
        )
      ).json();
      return Object.fromEntries(
        version.tags.map((t: { key: string; value: string }) => [
          t.key,
          t.value,
        ]),
      );
    };
    beforeAll(async () => {
      await seed.model('marked');
      await seed.version('marked');
    });

    it('say who, when and by which deployment, once', async () => {
      await mark('production');
      const first = await tags();
      expect(first).toEqual({
        'slipway.production.by': 'user:default/ada',
        'slipway.production.at': expect.stringMatching(/^20.*Z$/),
        'slipway.production.deployment': 'd1',
      });
      await mark('production');
      expect(await tags()).toEqual(first);
      await mark('production', 'd2');
      expect((await tags())['slipway.production.deployment']).toBe('d2');
    });

    it('go to the alias that the configuration names', async () => {
      await mark(
        'production',
        'd1',
        providerOf(server.url, { aliases: { production: 'champion' } }),
      );
      expect((await get('marked')).aliases).toContain('champion');
    });

    it('go to another alias where MLflow keeps the name for itself', async () => {
      await mark('latest');
      await mark('v2');
      expect((await get('marked')).aliases).toEqual(
        expect.arrayContaining(['environment-latest', 'environment-v2']),
      );
    });

    it('are refused where MLflow takes no such alias', async () => {
      expect(await failure(mark('über uns'))).toMatchObject({
        kind: 'bad-data',
        message: expect.stringContaining('über uns'),
      });
    });

    it('are refused for a version that is not there', async () => {
      expect(
        await failure(
          provider.mark(
            model,
            { version: '9', alias: 'a', by: 'x', deploymentId: 'd' },
            context,
          ),
        ),
      ).toMatchObject({ kind: 'not-found' });
    });
  });

  it('says what answers', async () => {
    expect(await provider.test!(context)).toMatch(
      /^MLflow 3\.\d+\.\d+ answers at 127\.0\.0\.1:\d+ and shows its models\.$/,
    );
  });
});
